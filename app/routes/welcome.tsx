import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./welcome.messages.ts";

export const meta = pageTitle(messages);

const startAgain = () => redirect("/login?problem=state");

export async function loader({ context: { caller, signUpToken: token } }: LoaderFunctionArgs) {
  // A cookie that is not one of ours is no sign-up either.
  const person = token === null ? null : await caller.identity.signUp({ token }).catch(() => null);
  return person === null ? startAgain() : json(person);
}

interface Refused {
  readonly isMissing: true;
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { caller, cookies, language, signUpToken: token, describe } = context;
  const form = await request.formData();
  if (token === null) return startAgain();
  if (form.get("terms") !== "accepted") return json<Refused>({ isMissing: true }, { status: 400 });
  try {
    const user_agent = request.headers.get("User-Agent");
    const { session_token } = await caller.identity.acceptTerms({ token, language, user_agent });
    const headers = new Headers({ Location: "/dashboard" });
    for (const cookie of [cookies.session(session_token), cookies.noSignUp()])
      headers.append("Set-Cookie", cookie);
    return new Response(null, { status: 302, headers });
  } catch (error) {
    const problem = describe(error);
    // The sign-up still stands: whoever waits a minute can go back to it.
    if (problem.error === "rate_limited") return redirect("/login?problem=rate");
    if (problem.status < 500) return startAgain();
    throw error;
  }
}

export default function Welcome() {
  const text = useText(messages);
  const { login, name, email } = useLoaderData<typeof loader>();
  const isMissing = useActionData<Refused>() !== undefined;
  const isPending = useNavigation().state !== "idle";
  return (
    <div className="page">
      <div className="panel mx-auto max-w-lg p-6 sm:p-8">
        <h1 className="text-2xl font-semibold tracking-tight">{text.title}</h1>
        <p className="mt-4">{text.lead(name ?? login)}</p>
        <dl className="mt-3 text-sm">
          <dt className="text-soft">{text.email}</dt>
          <dd className="break-all">{email}</dd>
        </dl>
        <p className="mt-4 flex gap-5">
          <a className="link" href="/legal/terms" target="_blank">
            {text.terms}
          </a>
          <a className="link" href="/legal/privacy" target="_blank">
            {text.privacy}
          </a>
        </p>
        {/* A whole new document, which shows who is signed in. */}
        <Form method="post" reloadDocument className="mt-5 grid gap-4">
          {isMissing && (
            <p id="missing" role="alert" className="notice notice-warn">
              {text.missing}
            </p>
          )}
          <label className="flex items-start gap-3">
            <input
              type="checkbox"
              name="terms"
              value="accepted"
              required
              className="mt-1 size-5 shrink-0"
              aria-invalid={isMissing}
              aria-describedby={isMissing ? "missing" : undefined}
            />
            {text.accept}
          </label>
          <button type="submit" className="button justify-self-start" aria-disabled={isPending}>
            {isPending ? text.pending : text.button}
          </button>
        </Form>
        <p className="mt-4 text-sm text-soft">{text.none}</p>
      </div>
    </div>
  );
}
