import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { CancelLink } from "../casts/cancel-cast.tsx";
import { CastFacts, hasEnded } from "../casts/cast-facts.tsx";
import { messages as castMessages } from "../casts/cast.messages.ts";
import { ResultView } from "../casts/result-view.tsx";
import { showResult } from "../casts/shown-result.server.ts";
import { CodeBlock } from "../components/code-block.tsx";
import { DoneNotice } from "../forms/done-notice.tsx";
import { asPerson } from "../guards/person.server.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import { messages } from "./dashboard.casts.$id.messages.ts";

export const meta = pageTitle(messages);

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const id = params["id"] ?? "";
  try {
    const made = await asPerson({ request, context }, () => context.caller.casts.get({ id }));
    const { result, has_result: isKept, log, failure, content_type: contentType, ...cast } = made;
    return json({ cast, log, failure, result: isKept ? showResult(contentType, result) : null });
  } catch (error) {
    const { status } = takeRefusal(context, error);
    // Remix renders a thrown response through the error boundary, with its status.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (status === 400 || status === 404) throw new Response(null, { status: 404 });
    throw error;
  }
}

function Ending() {
  const text = useText(messages);
  const { cast, result, failure } = useLoaderData<typeof loader>();
  switch (cast.status) {
    case "QUEUED":
    case "RUNNING":
      return (
        <>
          <p role="status" className="notice notice-warn mt-6">
            {text.waiting}{" "}
            <Link className="link" to={`/dashboard/casts/${cast.id}`}>
              {text.again}
            </Link>
          </p>
          {cast.status === "QUEUED" && (
            <p className="mt-4">
              <CancelLink cast={cast} />
            </p>
          )}
        </>
      );
    case "FAILED":
      return failure === null ? null : (
        <section aria-labelledby="failure" className="mt-8">
          <h2 id="failure" className="text-lg font-semibold">
            {text.failure}
          </h2>
          <p lang="en" className="mt-2 wrap-anywhere">
            {failure}
          </p>
        </section>
      );
    case "COMPLETED":
      return (
        <section aria-labelledby="result" className="mt-8">
          <h2 id="result" className="text-lg font-semibold">
            {text.result}
          </h2>
          <div className="mt-2">
            {result === null ? <p>{text.notKept}</p> : <ResultView result={result} spell={cast.spell_name} />}
          </div>
        </section>
      );
  }
}

export default function CastPage() {
  const text = useText(messages);
  const { log: logTitle } = useText(castMessages);
  const { cast, log } = useLoaderData<typeof loader>();
  return (
    <article className="mt-8">
      <p className="text-sm">
        <Link className="link" to="/dashboard/casts">
          {text.back}
        </Link>
      </p>
      <h1 className="page-title mt-2">{text.heading(cast.spell_name)}</h1>
      <DoneNotice texts={text.done} />
      <div className="panel mt-6 p-5">
        <CastFacts cast={cast} />
      </div>
      <Ending />
      {hasEnded(cast) && (
        <section aria-labelledby="log" className="mt-8">
          <h2 id="log" className="text-lg font-semibold">
            {logTitle}
          </h2>
          <div className="mt-2">
            {log === "" ? <p>{text.noLog}</p> : <CodeBlock label={logTitle} code={log} />}
          </div>
        </section>
      )}
    </article>
  );
}
