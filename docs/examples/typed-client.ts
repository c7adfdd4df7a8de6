/**
 * Casting with types: SPELL_URL=http://localhost:3000 SPELL_KEY=sk_test_... node docs/examples/typed-client.ts
 * Inputs and answers are typed by the server's own router; nothing is generated.
 */
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import type { AppRouter } from "../../server/trpc/router.ts";

const { SPELL_URL: url = "http://localhost:3000", SPELL_KEY: key = "" } = process.env;

const spell = createTRPCClient<AppRouter>({
  links: [httpLink({ url: `${url}/trpc`, headers: { Authorization: `Bearer ${key}` } })],
});

try {
  const cast = await spell.casts.cast.mutate({ spell_name: "text-stats", payload: { text: "so it goes" } });
  const { remaining_cents: left } = await spell.budgets.usage.query();
  console.log(
    `${cast.spell_name} ${cast.version} for ${cast.cost_micros} micros, ${left} cents left:`,
    cast.result,
  );
} catch (error) {
  // `data.problem` is what REST answers with: error, error_code, category and the facts.
  console.error(error instanceof TRPCClientError ? error.data : error);
  process.exitCode = 1;
}
