import { createRoute } from "@hono/zod-openapi";
import { changePerson } from "../services/people/change.ts";
import { changePersonInput } from "../services/people/person-input.ts";
import { personView } from "../services/people/person-view.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerChangePerson({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "patch",
    path: "/v1/users/me",
    tags: ["People"],
    summary: "Change your name or language",
    description: "For a signed-in person: no key can do this. Fields not named stay.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: jsonBody(changePersonInput),
    responses: {
      200: json(personView, "The changed person."),
      ...problems(...AUTHENTICATED, ...BODY, "session_required", "person_not_found"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await changePerson(serviceContext(platform, c), c.req.valid("json")), 200),
  );
}
