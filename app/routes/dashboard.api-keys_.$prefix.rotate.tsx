import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { apiOrigin } from "../docs/openapi.ts";
import { asPerson } from "../guards/person.server.ts";
import { RotateQuestion } from "../keys/acts.tsx";
import { KeyPage, NoSuchKey } from "../keys/key-page.tsx";
import { findKey } from "../keys/key.ts";
import { messages } from "../keys/key.messages.ts";
import { NewKey } from "../keys/new-key.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFor } from "../problems/refused.server.ts";

export const meta = pageTitle({ en: messages.en.rotate, ja: messages.ja.rotate });

/** After the rotation the prefix of this address names no key of the list any more: what is shown then is the answer. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const [key, grace] = await asPerson({ request, context }, () =>
    Promise.all([findKey(context.caller, params["prefix"]), context.caller.keys.rotationGrace()]),
  );
  const origin = apiOrigin(context.apiReference);
  return json({ key, graceSeconds: grace.seconds, origin }, { status: key === null ? 404 : 200 });
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  try {
    const made = await asPerson({ request, context }, () =>
      context.caller.keys.rotate({ prefix: String(params["prefix"]), only_newest: true }),
    );
    return json({ made, problem: null });
  } catch (error) {
    const problem = refusedFor(context, error);
    return json({ made: null, problem }, { status: problem.status });
  }
}

export default function RotateKey() {
  const text = useText(messages).rotate;
  const { dayAndTime } = useFormats();
  const { key, graceSeconds, origin } = useLoaderData<typeof loader>();
  const { made, problem } = useActionData<typeof action>() ?? { made: null, problem: null };
  if (made !== null) {
    const { previous_expires_at: end } = made;
    return (
      <KeyPage title={text.title}>
        <NewKey
          made={made}
          origin={origin}
          note={graceSeconds === 0 ? text.ended : text.until(dayAndTime(end))}
        />
      </KeyPage>
    );
  }
  if (problem?.error === "key_already_made") {
    return (
      <KeyPage title={text.title}>
        <p role="alert" className="notice notice-warn mt-4">
          {text.repeated}
        </p>
      </KeyPage>
    );
  }
  if (key === null) return <NoSuchKey title={text.title} />;
  return (
    <KeyPage title={text.heading(key.name)}>
      <ProblemNotice problem={problem} />
      <RotateQuestion prefix={key.prefix} graceSeconds={graceSeconds} />
    </KeyPage>
  );
}
