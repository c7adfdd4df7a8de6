import { CodeBlock } from "../components/code-block.tsx";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.spells.$name.messages.ts";

/** The schema of the input, for who writes a program that casts. Null: any JSON. */
export function SpellSchema({ schema }: { readonly schema: string | null }) {
  const text = useText(messages);
  return (
    <section aria-labelledby="schema" className="mt-10">
      <h2 id="schema" className="text-lg font-semibold">
        {text.schema}
      </h2>
      <div className="mt-2">
        {schema === null ? (
          <p>{text.anything}</p>
        ) : (
          <CodeBlock label="application/schema+json" code={schema} />
        )}
      </div>
    </section>
  );
}
