import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { asPerson } from "../guards/person.server.ts";
import { centsOf, readKeyFields, typedCents } from "../keys/key-fields.ts";
import { LimitInput, NameInput } from "../keys/key-inputs.tsx";
import { KeyPage, NoSuchKey } from "../keys/key-page.tsx";
import { findKey, keyPath, KEYS_PATH } from "../keys/key.ts";
import { messages } from "../keys/key.messages.ts";
import { useFirstRefused } from "../forms/use-first-refused.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFields } from "../problems/refused-fields.ts";
import { refusedFor } from "../problems/refused.server.ts";

export const meta = pageTitle({ en: messages.en.change, ja: messages.ja.change });

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const key = await asPerson({ request, context }, () => findKey(context.caller, params["prefix"]));
  return json({ key }, { status: key === null ? 404 : 200 });
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const form = await request.formData();
  const fields = readKeyFields(form);
  const change = { name: fields.name, monthly_limit_cents: centsOf(fields.limit) };
  try {
    await asPerson({ request, context, form }, () =>
      context.caller.keys.change({ prefix: String(params["prefix"]), change }),
    );
    return redirect(`${KEYS_PATH}?done=changed`);
  } catch (error) {
    const problem = refusedFor(context, error);
    if (problem.error === "key_not_found") return redirect(`${KEYS_PATH}?done=gone`);
    return json({ problem, fields }, { status: problem.status });
  }
}

export default function ChangeKey() {
  const text = useText(messages).change;
  const { key } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [query] = useSearchParams();
  const form = useFirstRefused(answer);
  if (key === null) return <NoSuchKey title={text.title} />;
  const problem = answer?.problem ?? null;
  const refused = refusedFields(problem);
  const stored = { name: key.name, limit: typedCents(key.monthly_limit_cents) };
  const typed = answer?.fields ?? (query.has("name") ? readKeyFields(query) : stored);
  return (
    <KeyPage title={text.heading(key.name)}>
      <OnceForm formRef={form} action={keyPath(key.prefix, "change")} className="mt-5 grid gap-5">
        {(isPending) => (
          <>
            <ProblemNotice problem={problem} />
            <NameInput typed={typed.name} isRefused={refused.includes("name")} />
            <LimitInput typed={typed.limit} isRefused={refused.includes("monthly_limit_cents")} />
            <SubmitButton
              isPending={isPending}
              text={text.button}
              pendingText={text.pending}
              className="justify-self-start"
            />
          </>
        )}
      </OnceForm>
    </KeyPage>
  );
}
