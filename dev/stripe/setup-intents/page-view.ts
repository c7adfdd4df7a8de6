import type { Kinds } from "../store/kinds.ts";

type SetupIntent = Kinds["setup_intent"];

const SHOWN = [
  "id",
  "object",
  "automatic_payment_methods",
  "cancellation_reason",
  "client_secret",
  "created",
  "description",
  "last_setup_error",
  "livemode",
  "next_action",
  "payment_method",
  "payment_method_configuration_details",
  "payment_method_types",
  "status",
  "usage",
] as const satisfies readonly (keyof SetupIntent)[];

/** What a page may see of a setup intent whose client secret it knows: neither the customer nor the metadata. */
export const pageViewOf = (intent: SetupIntent): Partial<SetupIntent> =>
  Object.fromEntries(SHOWN.map((name) => [name, intent[name]]));
