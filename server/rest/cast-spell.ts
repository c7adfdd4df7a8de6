import { createRoute } from "@hono/zod-openapi";
import { castSpellInput } from "../services/casts/cast-input.ts";
import { completedCastView } from "../services/casts/cast-view.ts";
import { castSpell } from "../services/casts/cast.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";

export function registerCastSpell({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/cast",
    tags: ["Casting"],
    summary: "Cast a spell",
    description:
      "Holds the most the cast can cost, runs the program, settles, and answers after the commit. Only a completed cast costs anything.",
    security: SIGNED_IN,
    middleware: [guards.credential, limitBody] as const,
    request: jsonBody(castSpellInput),
    responses: {
      200: json(completedCastView, "The cast completed."),
      ...problems(
        ...AUTHENTICATED,
        ...BODY,
        "spell_not_found",
        "free_fuel_exhausted",
        "budget_exceeded",
        "key_limit_exceeded",
        "max_cost_exceeded",
        "payment_method_required",
        "spell_failed",
        "wall_time_exceeded",
        "cast_interrupted",
        "busy",
      ),
    },
  });
  app.openapi(route, async (c) => {
    const cast = await castSpell(platform, c.get("credential"), c.req.valid("json"), (rate) =>
      c.set("rate", rate),
    );
    return c.json(cast, 200);
  });
}
