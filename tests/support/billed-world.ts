/** A world whose people have a card at a Stripe emulator, and what brings their invoices there. */
import { eq } from "drizzle-orm";
import { invoices, stripeCustomers } from "../../drizzle/schema/index.ts";
import type { Billing } from "../../server/services/billing/invoices/billing.ts";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";
import type { InvoiceRow } from "../../server/services/billing/invoices/record.ts";
import type { StripeEmulatorOptions } from "../../dev/stripe/start.ts";
import { SECRET_KEY, startTestStripe, type TestStripe } from "./stripe.ts";
import { customerWith } from "./stripe-invoices.ts";
import { createWorld, type World } from "./world.ts";

const now = new Date();
/** From now into the next month, and into the one after it. */
export const NEXT_MONTH_MS = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 12) - now.getTime();
export const AFTER_NEXT_MS = NEXT_MONTH_MS + 31 * 86_400_000;

export interface BilledWorld {
  readonly world: World;
  readonly emulator: TestStripe;
  readonly billing: Billing;
  /** An account with a key and a card of this token at Stripe. */
  person(token?: string): Promise<string>;
  /** Casts that cost so many cents each, settled. */
  cast(accountId: string, cents: number, clockOffsetMs?: number): Promise<void>;
  /** Closes the months that are over then, and gives the account's newest invoice. */
  close(accountId: string, clockOffsetMs?: number): Promise<InvoiceRow>;
  invoice(id: string): Promise<InvoiceRow>;
  end(): Promise<void>;
}

export async function createBilledWorld(options: Partial<StripeEmulatorOptions> = {}): Promise<BilledWorld> {
  const world = await createWorld();
  const emulator = await startTestStripe(options);
  const { stripe } = emulator;
  const { db } = world;
  const billing: Billing = {
    db,
    clock: { offsetMs: 0 },
    stripe,
    config: { STRIPE_SECRET_KEY: SECRET_KEY },
  };
  const keys = new Map<string, string>();
  const keyOf = async (accountId: string): Promise<string> => {
    const key = keys.get(accountId) ?? (await world.key(accountId));
    keys.set(accountId, key);
    return key;
  };
  const one = (rows: readonly InvoiceRow[]): InvoiceRow => {
    const row = rows.at(-1);
    if (row === undefined) throw new Error("there is no invoice");
    return row;
  };
  return {
    world,
    emulator,
    billing,
    person: async (token = "pm_card_visa") => {
      const accountId = await world.account({ kind: "person" });
      const id = await customerWith(stripe, token);
      await db.drizzle.insert(stripeCustomers).values({ accountId, isLive: false, id });
      return accountId;
    },
    cast: async (accountId, cents, clockOffsetMs = 0) => {
      const spell = await world.spell(cents);
      const request = world.request(accountId, spell, { keyPrefix: await keyOf(accountId) });
      await world.admit([request], clockOffsetMs);
      await world.settle([request], { clockOffsetMs });
    },
    close: async (accountId, clockOffsetMs = NEXT_MONTH_MS) => {
      await closeMonths({ db, clock: { offsetMs: clockOffsetMs } });
      const ofAccount = eq(invoices.accountId, accountId);
      return one(await db.drizzle.select().from(invoices).where(ofAccount).orderBy(invoices.number));
    },
    invoice: async (id) => one(await db.drizzle.select().from(invoices).where(eq(invoices.id, id))),
    end: () => world.close(),
  };
}
