import { createRoute } from "@hono/zod-openapi";
import { answerJson, noteRate } from "../http/answer-headers.ts";
import { prefersAsync, readIdempotency } from "../http/idempotency.ts";
import type { OnCount } from "../services/casts/admit.ts";
import { castSpellInput } from "../services/casts/cast-input.ts";
import { completedCastView, queuedCastView } from "../services/casts/cast-view.ts";
import { castOnce, castSpell } from "../services/casts/cast.ts";
import { queueCast } from "../services/casts/queue.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";

/** Documented and not parsed: it is text that may be missing, and a validator would read all headers of each cast. */
const header = (name: string, description: string) => ({
  schema: { type: "string" as const, description },
  required: false,
  description,
  name,
  in: "header" as const,
});
const parameters = [
  header(
    "idempotency-key",
    "For 24 hours the same request with the same key is given its first answer again, and charged once.",
  ),
  header("prefer", "`respond-async`: queue the cast and answer 202 at once, with its address in `Location`."),
];

export function registerCastSpell({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/cast",
    tags: ["Casting"],
    summary: "Cast a spell",
    description:
      "Holds the most the cast can cost, runs the program, settles, and answers after the commit. Only a completed cast costs anything.",
    security: SIGNED_IN,
    middleware: [guards.credential, limitBody, readIdempotency] as const,
    parameters,
    request: jsonBody(castSpellInput),
    responses: {
      200: json(completedCastView, "The cast completed."),
      202: json(queuedCastView, "The cast is queued."),
      ...problems(
        ...AUTHENTICATED,
        ...BODY,
        "spell_not_found",
        "free_fuel_exhausted",
        "budget_exceeded",
        "key_limit_exceeded",
        "max_cost_exceeded",
        "payment_method_required",
        "price_changed",
        "account_closing",
        "cast_in_progress",
        "idempotency_mismatch",
        "spell_failed",
        "wall_time_exceeded",
        "cast_interrupted",
        "busy",
      ),
    },
  });
  app.openapi(route, async (c) => {
    const [credential, input] = [c.get("credential"), c.req.valid("json")];
    const idempotency = c.get("idempotency");
    const onCount: OnCount = (rate) => noteRate(platform.config, c, rate);
    const isAsync = prefersAsync(c.req.header("Prefer"));
    const answer = isAsync
      ? await queueCast(platform, credential, input, idempotency, onCount)
      : idempotency === undefined
        ? await castSpell(platform, credential, input, onCount)
        : await castOnce(platform, credential, input, idempotency, onCount);
    if (answer.status === "COMPLETED") return answerJson(c, answer);
    c.header("Location", `/v1/casts/${answer.id}`);
    if (isAsync) c.header("Preference-Applied", "respond-async");
    return c.json(answer, 202);
  });
}
