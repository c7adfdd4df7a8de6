import { billingRouter } from "./billing.ts";
import { budgetsRouter } from "./budgets.ts";
import { castsRouter } from "./casts.ts";
import { createCallerFactory, router } from "./context.ts";
import { homeRouter } from "./home.ts";
import { identityRouter } from "./identity.ts";
import { keysRouter } from "./keys.ts";
import { ledgerRouter } from "./ledger.ts";
import { peopleRouter } from "./people.ts";
import { spellsRouter } from "./spells.ts";
import { usageRouter } from "./usage.ts";

export const appRouter = router({
  billing: billingRouter,
  budgets: budgetsRouter,
  casts: castsRouter,
  home: homeRouter,
  identity: identityRouter,
  keys: keysRouter,
  ledger: ledgerRouter,
  people: peopleRouter,
  spells: spellsRouter,
  usage: usageRouter,
});

/** What typed clients import: `createTRPCClient<AppRouter>(...)`. */
export type AppRouter = typeof appRouter;

/** Calls procedures without HTTP, for the portal's loaders and actions. */
export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
