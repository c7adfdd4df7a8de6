import { createRoute } from "@hono/zod-openapi";
import { getPerson } from "../services/people/get.ts";
import { personView } from "../services/people/person-view.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerGetPerson({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/users/me",
    tags: ["People"],
    summary: "Whose account this is",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 200: json(personView, "The person."), ...problems(...AUTHENTICATED, "person_not_found") },
  });
  app.openapi(route, async (c) => c.json(await getPerson(serviceContext(platform, c)), 200));
}
