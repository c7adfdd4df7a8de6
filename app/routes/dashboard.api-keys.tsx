import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DoneNotice } from "../forms/done-notice.tsx";
import { textIn } from "../forms/text-in.ts";
import { apiOrigin } from "../docs/openapi.ts";
import { asPerson } from "../guards/person.server.ts";
import { firstFields, readKeyFields, wishesOf } from "../keys/key-fields.ts";
import { KeyForm } from "../keys/key-form.tsx";
import { KeyList } from "../keys/key-list.tsx";
import { NewKey } from "../keys/new-key.tsx";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { refusedFor } from "../problems/refused.server.ts";
import { messages } from "./dashboard.api-keys.messages.ts";

export const meta = pageTitle(messages);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { keys: verbs } = context.caller;
  const [keys, grace] = await asPerson({ request, context }, () =>
    Promise.all([verbs.list(), verbs.rotationGrace()]),
  );
  const now = new Date().toISOString();
  return json({
    keys: keys.map((key) => ({ ...key, isExpired: key.expires_at !== null && key.expires_at <= now })),
    graceSeconds: grace.seconds,
    today: now.slice(0, 10),
    origin: apiOrigin(context.apiReference),
    // Becomes the id of the key that this form makes.
    formId: crypto.randomUUID(),
  });
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const fields = readKeyFields(form);
  try {
    const made = await asPerson({ request, context, form }, () =>
      context.caller.keys.createOnce({ ...wishesOf(fields), form_id: textIn(form, "form_id") }),
    );
    return json({ made, problem: null, fields: null });
  } catch (error) {
    const problem = refusedFor(context, error);
    return json({ made: null, problem, fields }, { status: problem.status });
  }
}

export default function ApiKeys() {
  const text = useText(messages);
  const { keys, graceSeconds, today, origin, formId } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [query] = useSearchParams();
  const made = answer?.made ?? null;
  return (
    <div className="mt-8">
      <h1 className="page-title">{text.title}</h1>
      <p className="mt-3 max-w-2xl text-soft">{text.lead}</p>
      <DoneNotice texts={text.done} />
      {made !== null && <NewKey made={made} origin={origin} />}
      <section aria-labelledby="keys" className="mt-8">
        <h2 id="keys" className="text-xl font-semibold">
          {text.list}
        </h2>
        {/* A key that was just made is in the list a moment later. */}
        {(keys.length > 0 || made === null) && <KeyList keys={keys} graceSeconds={graceSeconds} />}
      </section>
      <section aria-labelledby="make" className="panel mt-10 p-5 sm:p-6">
        <h2 id="make" className="text-xl font-semibold">
          {text.make}
        </h2>
        {/* A key that is made leaves an empty form behind. */}
        <KeyForm
          key={made?.prefix ?? "first"}
          formId={formId}
          fields={answer?.fields ?? firstFields(query)}
          problem={answer?.problem ?? null}
          today={today}
        />
      </section>
    </div>
  );
}
