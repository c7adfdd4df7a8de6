import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { adoptCardOf } from "../billing/adopt-card.server.ts";
import { CardSection } from "../billing/card-section.tsx";
import { BILLING_PATH, readCard } from "../billing/card.ts";
import {
  checkFields,
  fieldsOf,
  takeFields,
  type FieldProblems,
  type LimitChange,
  type LimitFields,
  type Settings,
} from "../billing/limit-fields.ts";
import { InvoiceList } from "../billing/invoice-list.tsx";
import { LimitForm } from "../billing/limit-form.tsx";
import { readInvoices } from "../billing/read-invoices.server.ts";
import { ResetLimit } from "../billing/reset-limit.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useFormats, useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { messages } from "./dashboard.billing.messages.ts";

export const meta = pageTitle(messages);

const NO_PROBLEMS: FieldProblems = {};
const NOTHING_TYPED: LimitFields = { period: "", hard_limit: "", soft_limit: "" };

const SAVED = ["limit", "reset", "card", "removed", "settling"] as const;
type Saved = (typeof SAVED)[number];

/** What was done before this page was asked for, as long as it is so: a page is read again later. */
function savedIn(query: URLSearchParams, isClosing: boolean, hasCard: boolean): Saved | null {
  const saved = SAVED.find((each) => each === query.get("saved")) ?? null;
  if (saved !== "settling" || isClosing) return saved;
  return hasCard ? null : "removed";
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  const problem = await adoptCardOf(request, context);
  const { budgets, billing } = context.caller;
  const query = new URL(request.url).searchParams;
  const [settings, card, state, invoices] = await asPerson({ request, context }, () =>
    Promise.all([
      budgets.settings(),
      readCard(context),
      billing.accountState(),
      readInvoices(context, query.get("cursor")),
    ]),
  );
  return json({
    problem,
    card,
    isClosing: state.is_closing,
    invoices,
    takesCards: context.takesCards,
    script: context.stripeScript,
    settings,
    fields: takeFields(query, fieldsOf(settings)),
    saved: savedIn(query, state.is_closing, card !== null),
    isResetAsked: query.get("reset") === "ask",
  });
}

interface Refused {
  readonly fields: LimitFields;
  readonly problems: FieldProblems;
  readonly problem: Description | null;
}

type Work = Pick<ActionFunctionArgs, "request" | "context"> & { readonly form: FormData };

/** Of a budget that stands the notices stay as they are; one that is new gets the default ones. */
async function saveLimit({ context: { caller, describe } }: Work, change: LimitChange): Promise<void> {
  try {
    await caller.budgets.change(change);
  } catch (error) {
    if (describe(error).error !== "budget_not_found") throw error;
    await caller.budgets.replace(change);
  }
}

/** Gone already is what was asked for. */
async function resetLimit({ context: { caller, describe } }: Work): Promise<void> {
  try {
    await caller.budgets.reset();
  } catch (error) {
    if (describe(error).error !== "budget_not_found") throw error;
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  // What is no form has no fields.
  const form = await request.formData().catch(() => new FormData());
  const work = { request, context, form };
  const settings = await asPerson(work, () => context.caller.budgets.settings());
  const fields = takeFields(form, NOTHING_TYPED);
  try {
    if (form.get("intent") === "reset") {
      await asPerson(work, () => resetLimit(work));
      return redirect(`${BILLING_PATH}?saved=reset`, 303);
    }
    const checked = checkFields(fields, settings);
    if ("problems" in checked)
      return json<Refused>({ fields, problems: checked.problems, problem: null }, { status: 400 });
    await asPerson(work, () => saveLimit(work, checked.change));
    return redirect(`${BILLING_PATH}?saved=limit`, 303);
  } catch (error) {
    const problem = error instanceof Response ? null : context.describe(error);
    if (problem === null || problem.status >= 500) throw error;
    return json<Refused>({ fields, problems: NO_PROBLEMS, problem }, { status: problem.status });
  }
}

function InForce({ settings }: { readonly settings: Settings }) {
  const text = useText(messages).limit;
  const formats = useFormats();
  const { budget, card } = settings;
  return (
    <>
      <p className="mt-2">
        {budget === null
          ? text.none
          : text[budget.period](
              formats.cents(budget.hard_limit_cents),
              formats.cents(settings.max_limit_cents),
            )}{" "}
        {budget?.soft_limit_cents == null ? null : text.soft(formats.cents(budget.soft_limit_cents))}
      </p>
      {card === null && (
        <p className="mt-2 text-sm text-soft">{text.allowance(formats.cents(settings.allowance_cents))}</p>
      )}
    </>
  );
}

export default function Billing() {
  const text = useText(messages);
  const { problem, saved, settings, fields, isResetAsked, invoices, ...cards } =
    useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  return (
    <>
      <h1 className="page-title mt-8">{text.title}</h1>
      <div role="status">
        {saved !== null && refused === undefined && (
          <p className="notice notice-good mt-4">{text.saved[saved]}</p>
        )}
      </div>
      {problem !== null && (
        <div className="mt-4">
          <ProblemNotice problem={problem} id="card-problem" />
        </div>
      )}
      <CardSection settings={settings} {...cards} />
      <section aria-labelledby="limit" className="panel mt-6 p-5">
        <h2 id="limit" className="text-lg font-semibold">
          {text.limit.heading}
        </h2>
        <InForce settings={settings} />
        <ProblemNotice problem={refused?.problem ?? null} />
        <LimitForm
          key={settings.budget?.updated_at ?? "none"}
          fields={refused?.fields ?? fields}
          problems={refused?.problems ?? NO_PROBLEMS}
          settings={settings}
        />
        {settings.is_chosen && <ResetLimit settings={settings} isAsked={isResetAsked} />}
      </section>
      <InvoiceList {...invoices} />
    </>
  );
}
