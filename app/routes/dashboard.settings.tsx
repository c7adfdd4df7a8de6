import {
  json,
  redirect,
  redirectDocument,
  type ActionFunctionArgs,
  type AppLoadContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { DoneNotice } from "../forms/done-notice.tsx";
import { textIn } from "../forms/text-in.ts";
import { asPerson } from "../guards/person.server.ts";
import { useLanguage, useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFor } from "../problems/refused.server.ts";
import { GithubFacts, ProfileForm } from "../settings/profile-form.tsx";
import { SessionList } from "../settings/session-list.tsx";
import { messages } from "../settings/settings.messages.ts";
import { INTENTS, readProfileFields, SETTINGS_PATH } from "../settings/settings.ts";

export const meta = pageTitle(messages);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { people, identity } = context.caller;
  const [person, sessions] = await asPerson({ request, context }, () =>
    Promise.all([people.me(), identity.sessions()]),
  );
  return json({ person, sessions });
}

type Arrived = Pick<ActionFunctionArgs, "request" | "context"> & { readonly form: FormData };

const done = (what: "profile" | "session" | "others" | "gone") => `${SETTINGS_PATH}?done=${what}`;

async function saveProfile({ request, context, form }: Arrived) {
  const fields = readProfileFields(form);
  const name = fields.name.trim() === "" ? null : fields.name;
  // What is no language of ours is refused by the verb.
  const asked = fields.language as AppLoadContext["language"];
  try {
    const { language } = await asPerson({ request, context, form }, () =>
      context.caller.people.change({ name, language: asked }),
    );
    const headers = { "Set-Cookie": context.cookies.language(language) };
    // A document stays in its language: another one needs another document.
    const lead = language === context.language ? redirect : redirectDocument;
    return lead(done("profile"), { headers });
  } catch (error) {
    const problem = refusedFor(context, error);
    return json({ problem, fields }, { status: problem.status });
  }
}

async function endSessions({ request, context }: Arrived, id: string | null) {
  const { identity } = context.caller;
  try {
    await asPerson({ request, context }, async () => {
      if (id === null) await identity.endOtherSessions();
      else await identity.endSession({ id });
    });
    return redirect(done(id === null ? "others" : "session"));
  } catch (error) {
    const problem = refusedFor(context, error);
    if (problem.error === "session_not_found") return redirect(done("gone"));
    return json({ problem, fields: null }, { status: problem.status });
  }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const arrived = { request, context, form };
  switch (form.get("intent")) {
    case INTENTS.profile[1]:
      return saveProfile(arrived);
    case INTENTS.endSession[1]:
      return endSessions(arrived, textIn(form, "id"));
    case INTENTS.endOthers[1]:
      return endSessions(arrived, null);
    default:
      return redirect(SETTINGS_PATH);
  }
}

export default function Settings() {
  const text = useText(messages);
  const { person, sessions } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [query] = useSearchParams();
  const problem = answer?.problem ?? null;
  // The language that was chosen last, in this browser: saving a name must not change it.
  const stored = { name: person.name ?? "", language: useLanguage() };
  const fields = answer?.fields ?? null;
  return (
    <div className="mt-8 max-w-3xl">
      <h1 className="page-title">{text.title}</h1>
      <DoneNotice texts={text.done} />
      <section aria-labelledby="profile" className="panel mt-8 p-5 sm:p-6">
        <h2 id="profile" className="text-xl font-semibold">
          {text.profile.heading}
        </h2>
        <GithubFacts login={person.login} email={person.email} />
        <ProfileForm
          fields={fields ?? (query.has("name") ? readProfileFields(query) : stored)}
          problem={fields === null ? null : problem}
        />
      </section>
      <section aria-labelledby="sessions" className="mt-10">
        <h2 id="sessions" className="text-xl font-semibold">
          {text.sessions.heading}
        </h2>
        <p className="mt-1 mb-4 text-soft">{text.sessions.note}</p>
        <ProblemNotice problem={fields === null ? problem : null} id="session-problem" />
        <SessionList sessions={sessions} />
      </section>
      <section aria-labelledby="data" className="mt-10">
        <h2 id="data" className="text-xl font-semibold">
          {text.data.heading}
        </h2>
        <p className="mt-1 text-soft">{text.data.text}</p>
      </section>
    </div>
  );
}
