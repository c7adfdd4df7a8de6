import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CastForm } from "../components/cast-form.tsx";
import { CastResult, type CastShown } from "../components/cast-result.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { refusalOf, type Refusal } from "../components/refusal.server.ts";
import { textStats } from "../components/text-stats.server.ts";
import { castAnswer, curlCast, typedClient } from "../docs/examples.ts";
import { apiOrigin } from "../docs/openapi.ts";
import { useText } from "../language/language.tsx";
import { pageTitle } from "../language/page-title.ts";
import { messages } from "./_index.messages.ts";

const MAX_CHARACTERS = 10_000;

export const meta = pageTitle(messages);

export function loader({ context }: LoaderFunctionArgs) {
  return json({ origin: apiOrigin(context.apiReference) });
}

type Answer = { readonly text: string } & ({ readonly cast: CastShown } | { readonly refusal: Refusal });

const STATUS: Readonly<Record<Refusal, number>> = {
  empty: 400,
  tooLong: 400,
  rate: 429,
  limit: 503,
  busy: 503,
  failed: 422,
};

const refused = (text: string, refusal: Refusal) =>
  json<Answer>({ text, refusal }, { status: STATUS[refusal] });

export async function action({ request, context: { caller } }: ActionFunctionArgs) {
  // What is no form has no text in it.
  const field = (await request.formData().catch(() => null))?.get("text");
  // A browser sends line ends as CR LF, whatever was typed.
  const text = typeof field === "string" ? field.replaceAll("\r\n", "\n") : "";
  if (text.trim() === "") return refused(text, "empty");
  if (text.length > MAX_CHARACTERS) return refused(text.slice(0, MAX_CHARACTERS), "tooLong");
  try {
    const cast = await caller.home.castTextStats({ text });
    return json<Answer>({ text, cast: { ...cast, result: textStats.parse(cast.result) } });
  } catch (error) {
    return refused(text, refusalOf(error));
  }
}

function Program({ origin }: { readonly origin: string }) {
  const text = useText(messages).program;
  return (
    <section aria-labelledby="program" className="mt-24">
      <h2 id="program" className="text-2xl font-semibold tracking-tight">
        {text.heading}
      </h2>
      <p className="mt-2 text-soft">
        {text.note}{" "}
        <a className="link" href="/docs">
          {text.docs}
        </a>
      </p>
      <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <CodeBlock label={text.request} code={curlCast(origin)} />
          <CodeBlock label={text.answer} code={castAnswer} />
        </div>
        <CodeBlock label={text.client} code={typedClient(origin)} />
      </div>
    </section>
  );
}

export default function Home() {
  const text = useText(messages);
  const { origin } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const refusal = answer !== undefined && "refusal" in answer ? answer.refusal : null;
  const cast = answer !== undefined && "cast" in answer ? answer.cast : null;
  return (
    <div className="page-width">
      <div className="hero">
        <div>
          <h1 className="max-w-xl text-4xl font-semibold tracking-tight text-balance sm:text-6xl">
            {text.headline}
          </h1>
          <p className="mt-6 max-w-xl text-lg text-pretty text-soft">{text.lead}</p>
        </div>
        <section aria-labelledby="live" className="panel p-6 lg:row-span-2" id="try">
          <h2 id="live" className="text-xl font-semibold">
            {text.live.heading}
          </h2>
          <p className="mt-1 text-sm text-soft">{text.live.note}</p>
          <CastForm text={answer?.text ?? text.live.sample} refusal={refusal} />
          {/* There from the start: screen readers announce only what changes in a region they know. */}
          <div role="status">{cast !== null && <CastResult cast={cast} />}</div>
        </section>
        <dl className="grid gap-7">
          {text.promises.map(({ title, text: promise }) => (
            <div key={title} className="border-l-2 border-gilt pl-5">
              <dt className="font-semibold">{title}</dt>
              <dd className="mt-1 max-w-lg text-pretty text-soft">{promise}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Program origin={origin} />
    </div>
  );
}
