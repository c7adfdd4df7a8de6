import type { Description } from "../../server/trpc/portal-context.ts";
import { useText } from "../language/language.tsx";
import { messages } from "./problem.messages.ts";

export type { Description };

/** What went wrong with a form, read out at once. Nothing is shown where nothing did. */
export function ProblemNotice({
  problem,
  id = "problem",
}: {
  readonly problem: Description | null;
  readonly id?: string;
}) {
  const texts = useText(messages);
  if (problem === null) return null;
  const text = texts[problem.error];
  return (
    <p id={id} role="alert" className="notice notice-warn">
      {typeof text === "string" ? text : text(problem)}
    </p>
  );
}
