import { CodeBlock } from "../components/code-block.tsx";
import { useText } from "../language/language.tsx";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { messages } from "../routes/dashboard.spells.$name.messages.ts";

const textIn = (problem: Description, fact: string) => {
  const value = problem[fact];
  return typeof value === "string" && value !== "" ? value : null;
};

/** Why a cast gave nothing: in words, as the program's end was described, and what it wrote to its log. */
export function RefusedCast({ problem }: { readonly problem: Description }) {
  const text = useText(messages);
  const [castId, log] = [textIn(problem, "cast_id"), textIn(problem, "log")];
  return (
    <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-3">
      <ProblemNotice problem={problem} />
      {problem.error === "spell_failed" && (
        <p lang="en" className="text-sm text-soft wrap-anywhere">
          {problem.detail}
        </p>
      )}
      {log !== null && <CodeBlock label={text.log} code={log} />}
      {castId !== null && (
        <p>
          <a className="link" href={`/dashboard/casts/${castId}`}>
            {text.earlier}
          </a>
        </p>
      )}
    </div>
  );
}
