import { z } from "zod";
import { defineEndpoint } from "./api/endpoint.ts";

const NOTHING = [{ amount: 0, currency: "usd", source_types: { card: 0 } }];

/** A cheap call, by which one learns that the key is right. The emulator pays nobody out. */
export const BALANCE_ENDPOINT = defineEndpoint({
  method: "GET",
  path: "/v1/balance",
  parameters: z.strictObject({}),
  run: () => ({ object: "balance", available: NOTHING, livemode: false, pending: NOTHING }),
});
