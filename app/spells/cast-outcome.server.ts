import { redirect, type AppLoadContext } from "@remix-run/node";
import type { CastShown } from "../casts/cast-facts.tsx";
import { showResult, type ShownResult } from "../casts/shown-result.server.ts";
import { takeRefusal } from "../problems/take-refusal.server.ts";
import type { Description } from "../problems/problem-notice.tsx";

/** How a form's cast went, for the page that shows the form again. */
export interface Outcome {
  readonly cast: CastShown | null;
  readonly result: ShownResult | null;
  readonly problem: Description | null;
  /** What sends the next cast: the same form again as long as this one may still be under way, else a new one. */
  readonly formId: string | null;
}

type CastOnce = AppLoadContext["caller"]["casts"]["castOnce"];

/** After these a form has had its end: sent again it would only be given the same. */
const ENDED: readonly string[] = [
  "spell_failed",
  "wall_time_exceeded",
  "cast_interrupted",
  "idempotency_mismatch",
] satisfies Description["error"][];

/**
 * Casts and tells how it went.
 * @throws a redirect to the cast when it is queued, and what `takeRefusal` throws
 */
export async function castOutcome(
  context: AppLoadContext,
  formId: string,
  contentType: string,
  cast: () => ReturnType<CastOnce>,
): Promise<Outcome> {
  try {
    const made = await cast();
    // Remix takes thrown responses.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (made.status === "QUEUED") throw redirect(`/dashboard/casts/${made.id}`);
    const { result, ...facts } = made;
    return { cast: facts, result: showResult(contentType, result), problem: null, formId: null };
  } catch (error) {
    const problem = takeRefusal(context, error);
    const isOver = ENDED.includes(problem.error);
    return { cast: null, result: null, problem, formId: isOver ? null : formId };
  }
}
