/** Programs and answers that the pages show. Code is the same in every language. */

export const curlCast = (origin: string, apiKey = "sk_…") => `curl ${origin}/v1/cast \\
  -H 'Authorization: Bearer ${apiKey}' \\
  -H 'Content-Type: application/json' \\
  -d '{"spell_name": "echo", "payload": {"hello": "world"}}'`;

export const castAnswer = `{
  "id": "01a20fdf-fda6-77a7-8c9f-7ae608906e34",
  "status": "COMPLETED",
  "spell_name": "echo",
  "version": "1.0.0",
  "result": { "hello": "world" },
  "error_code": null,
  "cost_cents": 1,
  "cost_micros": 10000,
  "fuel_used": null,
  "duration_ms": 1.247,
  "created_at": "2026-11-24T23:24:27.431Z"
}`;

export const typedClient = (origin: string) => `import { createTRPCClient, httpLink } from "@trpc/client";
import type { AppRouter } from "./server/trpc/router.ts";

const client = createTRPCClient<AppRouter>({
  links: [
    httpLink({
      url: "${origin}/trpc",
      headers: { Authorization: "Bearer sk_…" },
    }),
  ],
});

const cast = await client.casts.cast.mutate({
  spell_name: "echo",
  payload: { hello: "world" },
});
console.log(cast.result, cast.cost_micros);`;

export const problemExample = (origin: string) => `HTTP/1.1 402 Payment Required
Content-Type: application/problem+json

{
  "type": "${origin}/docs/errors/max_cost_exceeded",
  "title": "Maximum cost exceeded",
  "status": 402,
  "detail": "This cast costs more than the max_cost_cents it was sent with.",
  "error": "max_cost_exceeded",
  "error_code": "MAX_COST_EXCEEDED",
  "category": "PERM_CONFIG",
  "limit_source": "max_cost",
  "remedy": "Send a higher max_cost_cents, or none.",
  "period": null,
  "hard_limit_cents": 0,
  "spent_cents": 0,
  "reserved_cents": 0,
  "required_cents": 1,
  "request_id": "01a20fdf-fdc4-757d-a5f7-d7d6a2acad26"
}`;
