import { json, redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./login.messages.ts";

type Problem = keyof (typeof messages)["en"]["problems"];

const isProblem = (name: string | null): name is Problem =>
  name !== null && Object.hasOwn(messages.en.problems, name);

export const meta = pageTitle(messages);

export function loader({ request, context }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const problem = query.get("problem");
  const next = context.ownPath(query.get("next"));
  // Who is signed in needs no sign-in, unless a page has just found the session over.
  if (context.person !== null && problem === null) return redirect(next ?? "/dashboard");
  return json({ problem: isProblem(problem) ? problem : null, next });
}

export default function Login() {
  const text = useText(messages);
  const { problem, next } = useLoaderData<typeof loader>();
  const href = next === null ? "/auth/github" : `/auth/github?${new URLSearchParams({ next }).toString()}`;
  return (
    <div className="page">
      <div className="panel mx-auto max-w-md p-6 sm:p-8">
        <h1 className="text-2xl font-semibold tracking-tight">{text.title}</h1>
        {problem !== null && (
          <p role="alert" className="notice notice-warn mt-4">
            {text.problems[problem]}
          </p>
        )}
        <p className="mt-4 text-soft">{text.lead}</p>
        {/* A link, because what it does is to go to GitHub. */}
        <a className="button mt-6 block text-center" href={href}>
          {text.button}
        </a>
        <p className="mt-4 text-sm text-soft">{text.firstTime}</p>
      </div>
    </div>
  );
}
