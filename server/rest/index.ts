/** Every REST endpoint, and the document that describes them. */
import { registerBeginCheckout } from "./begin-checkout.ts";
import { registerBeginSetup } from "./begin-setup.ts";
import { registerCancelCast } from "./cancel-cast.ts";
import { registerCastSpell } from "./cast-spell.ts";
import { registerChangeBudget } from "./change-budget.ts";
import { registerChangeKey } from "./change-key.ts";
import { registerChangePerson } from "./change-person.ts";
import type { RestParts } from "./contract.ts";
import { registerCreateKey } from "./create-key.ts";
import { registerGetBudget } from "./get-budget.ts";
import { registerGetCast } from "./get-cast.ts";
import { registerGetPaymentMethod } from "./get-payment-method.ts";
import { registerGetPerson } from "./get-person.ts";
import { registerGetSpell } from "./get-spell.ts";
import { registerLedgerHead } from "./ledger-head.ts";
import { registerListCasts } from "./list-casts.ts";
import { registerListInvoices } from "./list-invoices.ts";
import { registerListKeys } from "./list-keys.ts";
import { registerListLedgerEntries } from "./list-ledger-entries.ts";
import { registerListSpells } from "./list-spells.ts";
import { registerReadUsage } from "./read-usage.ts";
import { registerRemovePaymentMethod } from "./remove-payment-method.ts";
import { registerReplaceBudget } from "./replace-budget.ts";
import { registerResetBudget } from "./reset-budget.ts";
import { registerReportUsage } from "./report-usage.ts";
import { registerRevokeKey } from "./revoke-key.ts";
import { registerRotateKey } from "./rotate-key.ts";
import { registerSetPaymentMethod } from "./set-payment-method.ts";

const ENDPOINTS = [
  registerCastSpell,
  registerListCasts,
  registerGetCast,
  registerCancelCast,
  registerCreateKey,
  registerListKeys,
  registerChangeKey,
  registerRotateKey,
  registerRevokeKey,
  registerGetBudget,
  registerReplaceBudget,
  registerChangeBudget,
  registerResetBudget,
  registerReadUsage,
  registerReportUsage,
  registerBeginSetup,
  registerBeginCheckout,
  registerGetPaymentMethod,
  registerSetPaymentMethod,
  registerRemovePaymentMethod,
  registerListInvoices,
  registerListSpells,
  registerGetSpell,
  registerGetPerson,
  registerChangePerson,
  registerLedgerHead,
  registerListLedgerEntries,
];

/** Registers all endpoints and gives back the OpenAPI 3.1 document generated from their contracts. */
export function registerRest(parts: RestParts, version: string): object {
  for (const register of ENDPOINTS) register(parts);
  const { app, guards, platform } = parts;
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, sk_..., or a session's token.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "spell_session",
  });
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Spell Platform", version, description: "Computation sold by the call." },
    servers: [{ url: platform.config.APP_URL }],
  });
  app.get("/v1/openapi.json", guards.visitor, (c) => c.json(document));
  return document;
}
