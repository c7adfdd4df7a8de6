import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { asPerson } from "../guards/person.server.ts";
import { RevokeQuestion } from "../keys/acts.tsx";
import { KeyPage, NoSuchKey } from "../keys/key-page.tsx";
import { findKey, KEYS_PATH } from "../keys/key.ts";
import { messages } from "../keys/key.messages.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFor } from "../problems/refused.server.ts";

export const meta = pageTitle({ en: messages.en.revoke, ja: messages.ja.revoke });

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const key = await asPerson({ request, context }, () => findKey(context.caller, params["prefix"]));
  return json({ key }, { status: key === null ? 404 : 200 });
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  try {
    await asPerson({ request, context }, () =>
      context.caller.keys.revoke({ prefix: String(params["prefix"]) }),
    );
    return redirect(`${KEYS_PATH}?done=revoked`);
  } catch (error) {
    const problem = refusedFor(context, error);
    // Also the second press of the button, whose answer is the one that is seen.
    if (problem.error === "key_not_found") return redirect(`${KEYS_PATH}?done=gone`);
    return json({ problem }, { status: problem.status });
  }
}

export default function RevokeKey() {
  const text = useText(messages).revoke;
  const { key } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem ?? null;
  if (key === null) return <NoSuchKey title={text.title} />;
  return (
    <KeyPage title={text.heading(key.name)}>
      <ProblemNotice problem={problem} />
      <RevokeQuestion prefix={key.prefix} />
    </KeyPage>
  );
}
