import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { PortalContext } from "../../server/trpc/portal-context.ts";
import { CastForm } from "../components/cast-form.tsx";
import { CastResult, textStats, type CastShown } from "../components/cast-result.tsx";
import { refusalOf, type Refusal } from "../components/refusal.ts";
import { messages } from "./_index.messages.ts";

const MAX_CHARACTERS = 10_000;

export const meta: MetaFunction = () => [
  { title: messages.title },
  { name: "description", content: messages.description },
];

export function loader({ request }: LoaderFunctionArgs) {
  return json({ origin: new URL(request.url).origin });
}

type Answer = { readonly text: string } & ({ readonly cast: CastShown } | { readonly refusal: Refusal });

const refused = (text: string, refusal: Refusal) =>
  json<Answer>({ text, refusal }, { status: refusal === "empty" || refusal === "tooLong" ? 400 : 503 });

export async function action({ request, context }: ActionFunctionArgs) {
  // main.ts hands this context to every request.
  const { caller } = context as unknown as PortalContext;
  const field = (await request.formData()).get("text");
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

export default function Home() {
  const { origin } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const curl = `curl ${origin}/v1/cast \\\n  -H 'Authorization: Bearer sk_…' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"spell_name": "echo", "payload": {"hello": "world"}}'`;
  return (
    <div className="mx-auto max-w-6xl px-5">
      <section className="grid items-start gap-12 pt-10 lg:grid-cols-[1fr_28rem] lg:pt-16">
        <div>
          <h1 className="max-w-xl text-4xl font-semibold tracking-tight text-balance sm:text-6xl">
            {messages.headline}
          </h1>
          <p className="mt-6 max-w-xl text-lg text-soft">{messages.lead}</p>
          <dl className="mt-12 grid gap-7">
            {messages.promises.map(({ title, text }) => (
              <div key={title} className="border-l-2 border-gold pl-5">
                <dt className="font-semibold">{title}</dt>
                <dd className="mt-1 max-w-lg text-soft">{text}</dd>
              </div>
            ))}
          </dl>
        </div>
        <section aria-labelledby="live" className="panel p-6" id="try">
          <h2 id="live" className="text-xl font-semibold">
            {messages.live.heading}
          </h2>
          <p className="mt-1 text-sm text-soft">{messages.live.note}</p>
          <CastForm
            text={answer?.text ?? messages.live.sample}
            problem={answer !== undefined && "refusal" in answer ? messages.refusals[answer.refusal] : null}
          />
          {answer !== undefined && "cast" in answer && <CastResult cast={answer.cast} />}
        </section>
      </section>
      <section aria-labelledby="program" className="mt-20">
        <h2 id="program" className="text-2xl font-semibold tracking-tight">
          {messages.program.heading}
        </h2>
        <p className="mt-2 text-soft">
          {messages.program.note}{" "}
          <a className="link" href="/docs">
            {messages.program.docs}
          </a>
        </p>
        <pre className="code mt-4" tabIndex={0} aria-label="Example request">
          {curl}
        </pre>
      </section>
    </div>
  );
}
