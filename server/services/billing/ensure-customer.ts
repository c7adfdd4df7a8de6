import { and, eq } from "drizzle-orm";
import { accounts, people, stripeCustomers } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import { lockAccount } from "../identity/lock-account.ts";
import type { BillingParts } from "./billing-parts.ts";
import { dropCard } from "./drop-card.ts";
import { askStripe, findAtStripe, StripeRefused } from "./stripe.ts";

type Parts = Pick<BillingParts, "db" | "stripe"> & {
  readonly config: Pick<BillingParts["config"], "STRIPE_SECRET_KEY">;
};

const isLive = ({ config }: Parts): boolean => keyMode(config) === "live";

/** The account's customer at Stripe, in the mode of our key; null before it had one. */
export async function findCustomer(parts: Parts, accountId: string): Promise<string | null> {
  const [row] = await parts.db.drizzle
    .select({ id: stripeCustomers.id })
    .from(stripeCustomers)
    .where(and(eq(stripeCustomers.accountId, accountId), eq(stripeCustomers.isLive, isLive(parts))));
  return row?.id ?? null;
}

/** Whose customer that is; null when it is none of ours in the mode of our key. */
export async function findCustomerAccount(parts: Parts, customer: string): Promise<string | null> {
  const [row] = await parts.db.drizzle
    .select({ accountId: stripeCustomers.accountId })
    .from(stripeCustomers)
    .where(and(eq(stripeCustomers.id, customer), eq(stripeCustomers.isLive, isLive(parts))));
  return row?.accountId ?? null;
}

/**
 * Makes a customer. Two who do so at once, or again after a crash, get the same one: what is sent under the key is the
 * same each time, which a name and an address need not be.
 */
async function createCustomer(parts: Parts, accountId: string, replaced: string | null): Promise<string> {
  const [owner] = await parts.db.drizzle
    .select({ pseudonym: accounts.pseudonym, name: people.name, login: people.login, email: people.email })
    .from(accounts)
    .leftJoin(people, eq(people.accountId, accounts.id))
    .where(eq(accounts.id, accountId));
  if (owner === undefined) throw new Error("a customer was wanted for no account");
  const { pseudonym, name, login, email } = owner;
  const idempotencyKey = `spell-customer-${pseudonym}${replaced === null ? "" : `-after-${replaced}`}`;
  return askStripe(parts, async ({ customers }) => {
    const { id } = await customers.create({ metadata: { account: pseudonym } }, { idempotencyKey });
    if (login !== null && email !== null) await customers.update(id, { name: name ?? login, email });
    return id;
  });
}

/** The account's customer at Stripe, made if there is none. @throws BillingUnavailable, StripeUnavailable */
export async function ensureCustomer(parts: Parts, accountId: string): Promise<string> {
  const known = await findCustomer(parts, accountId);
  if (known !== null) return known;
  const id = await createCustomer(parts, accountId, null);
  await parts.db.drizzle
    .insert(stripeCustomers)
    .values({ accountId, isLive: isLive(parts), id })
    .onConflictDoNothing();
  return (await findCustomer(parts, accountId)) ?? id;
}

/**
 * The operator deleted the customer at Stripe: another takes its place, unless somebody was faster. The card on file is
 * gone with the deleted one.
 */
async function replaceCustomer(parts: Parts, accountId: string, gone: string): Promise<string> {
  const id = await createCustomer(parts, accountId, gone);
  await parts.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const replaced = await tx
      .update(stripeCustomers)
      .set({ id })
      .where(and(eq(stripeCustomers.accountId, accountId), eq(stripeCustomers.id, gone)))
      .returning({ id: stripeCustomers.id });
    if (replaced.length > 0) await dropCard(tx, accountId);
  });
  return (await findCustomer(parts, accountId)) ?? id;
}

/** Was the customer deleted at Stripe? What it is said to be by whatever else is refused, Stripe does not promise. */
async function isGone(parts: Parts, customer: string, refusal: StripeRefused): Promise<boolean> {
  if (refusal.code === "resource_missing" && refusal.param === "customer") return true;
  const found = await findAtStripe(parts, ({ customers }) => customers.retrieve(customer));
  return found === null || found.deleted === true;
}

/** Does something for the account's customer, and once again for another where Stripe has that one no more. */
export async function withCustomer<Answer>(
  parts: Parts,
  accountId: string,
  act: (customer: string) => Promise<Answer>,
): Promise<Answer> {
  const customer = await ensureCustomer(parts, accountId);
  try {
    return await act(customer);
  } catch (error) {
    if (!(error instanceof StripeRefused) || !(await isGone(parts, customer, error))) throw error;
    return act(await replaceCustomer(parts, accountId, customer));
  }
}
