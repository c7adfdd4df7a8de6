import { CodeBlock } from "../components/code-block.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { messages } from "./cast.messages.ts";
import type { ShownResult } from "./shown-result.server.ts";

/** What a program gave back, as far as a page can show it. */
export function ResultView({ result, spell }: { readonly result: ShownResult; readonly spell: string }) {
  const { result: text } = useText(messages);
  const { number } = useFormats();
  if (result.kind === "bytes") return <p>{text.bytes(result.bytes, number(result.bytes))}</p>;
  const isDrawn = result.kind === "svg" && result.href !== null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {result.kind === "svg" && result.href !== null && (
        <img src={result.href} alt={text.drawing(spell)} className="drawing" />
      )}
      {isDrawn ? (
        <details>
          <summary className="cursor-pointer py-1 text-sm text-soft">{text.svg}</summary>
          <CodeBlock label={text.svg} code={result.text} />
        </details>
      ) : (
        <CodeBlock label={text.code} code={result.text} />
      )}
      {result.isCut && <p className="text-sm text-soft">{text.cut}</p>}
    </div>
  );
}
