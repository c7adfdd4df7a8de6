import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { asPerson } from "../guards/person.server.ts";
import { AllInputs } from "../keys/all-inputs.tsx";
import { changeOf, readKeyFields, storedFields } from "../keys/key-fields.ts";
import { KeyPage, NoSuchKey } from "../keys/key-page.tsx";
import { findKey, keyPath, KEYS_PATH } from "../keys/key.ts";
import { messages } from "../keys/key.messages.ts";
import { useFirstRefused } from "../forms/use-first-refused.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFor } from "../problems/refused.server.ts";

export const meta = pageTitle({ en: messages.en.change, ja: messages.ja.change });

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const key = await asPerson({ request, context }, () => findKey(context.caller, params["prefix"]));
  const today = new Date().toISOString().slice(0, 10);
  return json({ key, today }, { status: key === null ? 404 : 200 });
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const form = await request.formData();
  const fields = readKeyFields(form);
  try {
    const key = await asPerson({ request, context, form }, async () => {
      const found = await findKey(context.caller, params["prefix"]);
      if (found === null) return null;
      const change = changeOf(storedFields(found), fields);
      return context.caller.keys.change({ prefix: found.prefix, change });
    });
    return redirect(`${KEYS_PATH}?done=${key === null ? "gone" : "changed"}`);
  } catch (error) {
    const problem = refusedFor(context, error);
    if (problem.error === "key_not_found") return redirect(`${KEYS_PATH}?done=gone`);
    return json({ problem, fields }, { status: problem.status });
  }
}

export default function ChangeKey() {
  const text = useText(messages).change;
  const { key, today } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [query] = useSearchParams();
  const form = useFirstRefused(answer);
  if (key === null) return <NoSuchKey title={text.title} />;
  const problem = answer?.problem ?? null;
  const stored = storedFields(key);
  // An expired key keeps its day unless another is chosen.
  const earliestDay = stored.expires !== "" && stored.expires < today ? stored.expires : today;
  const typed = answer?.fields ?? (query.has("name") ? readKeyFields(query) : stored);
  return (
    <KeyPage title={text.heading(key.name)}>
      <OnceForm formRef={form} action={keyPath(key.prefix, "change")} className="mt-5 grid gap-5">
        {(isPending) => (
          <>
            <ProblemNotice problem={problem} />
            <AllInputs fields={typed} problem={problem} earliestDay={earliestDay} />
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
