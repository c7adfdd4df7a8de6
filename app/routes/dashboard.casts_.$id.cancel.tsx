import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { messages } from "../casts/cancel-cast.messages.ts";
import { CancelQuestion } from "../casts/cancel-cast.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { refusedFor } from "../problems/refused.server.ts";
import { takeRefusal } from "../problems/take-refusal.server.ts";

export const meta = pageTitle(messages);

const castPath = (id: string): string => `/dashboard/casts/${id}`;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const id = params["id"] ?? "";
  try {
    const { status, spell_name } = await asPerson({ request, context }, () =>
      context.caller.casts.get({ id }),
    );
    return json({ cast: { id, status, spell_name } });
  } catch (error) {
    const { status } = takeRefusal(context, error);
    // Remix renders a thrown response through the error boundary, with its status.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (status === 400 || status === 404) throw new Response(null, { status: 404 });
    throw error;
  }
}

export async function action({ request, context, params }: ActionFunctionArgs) {
  const id = params["id"] ?? "";
  try {
    await asPerson({ request, context }, () => context.caller.casts.cancel({ id }));
    return redirect(`${castPath(id)}?done=cancelled`);
  } catch (error) {
    const problem = refusedFor(context, error);
    // Also the second press of the button: the cast's page says how it ended.
    if (problem.error === "cast_not_queued") return redirect(`${castPath(id)}?done=late`);
    return json({ problem }, { status: problem.status });
  }
}

export default function CancelCast() {
  const text = useText(messages);
  const { cast } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem ?? null;
  return (
    <div className="mt-8 max-w-2xl">
      <h1 className="page-title">{text.heading(cast.spell_name)}</h1>
      <ProblemNotice problem={problem} />
      {cast.status === "QUEUED" ? (
        <CancelQuestion id={cast.id} />
      ) : (
        <p className="notice notice-warn mt-4">{text.late}</p>
      )}
      <p className="mt-6">
        <Link to={castPath(cast.id)} className="link inline-block py-1">
          {text.back}
        </Link>
      </p>
    </div>
  );
}
