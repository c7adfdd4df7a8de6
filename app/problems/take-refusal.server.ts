import type { AppLoadContext } from "@remix-run/node";
import type { Description } from "../../server/trpc/portal-context.ts";

/**
 * What a page can say about a failure beside what it was asked for.
 * @throws responses, and errors that say nothing to a person, as they came
 */
export function takeRefusal({ describe }: Pick<AppLoadContext, "describe">, error: unknown): Description {
  const problem = error instanceof Response ? null : describe(error);
  if (problem === null || problem.error === "internal") throw error;
  return problem;
}
