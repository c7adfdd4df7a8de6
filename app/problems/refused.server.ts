import type { AppLoadContext } from "@remix-run/node";
import type { Description } from "../../server/trpc/portal-context.ts";

/**
 * What to tell a person of an error that is theirs to mend, beside the form.
 * @throws the error itself, where it is none: a failure of ours, or a redirect
 */
export function refusedFor(context: AppLoadContext, error: unknown): Description {
  // Remix takes thrown responses.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  if (error instanceof Response) throw error;
  const problem = context.describe(error);
  if (problem.status >= 500) throw error;
  return problem;
}
