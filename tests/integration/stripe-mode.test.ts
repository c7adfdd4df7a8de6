import { afterAll, beforeAll, expect, test } from "vitest";
import { checkStripeMode } from "../../server/db/check-stripe-mode.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const check = (mode: "live" | "test" | null) => checkStripeMode(world.db.sql, mode);
const addCustomer = (accountId: string, isLive: boolean) => world.db.sql`
  insert into stripe_customers (account_id, is_live, id) values (${accountId}, ${isLive}, ${`cus_${accountId}`})`;

const OTHER = "live keys need a database of their own";
const LIVE = "set the live STRIPE_SECRET_KEY";

test("no process starts whose key could not charge the cards of its database", async () => {
  const account = await world.account({ hasCard: false });
  for (const mode of ["live", "test", null] as const) await check(mode);
  await addCustomer(account, true);
  await check("live");
  for (const mode of ["test", null] as const) await expect(check(mode)).rejects.toThrow(LIVE);
  // A card of before this account was a customer.
  await world.account();
  await expect(check("live")).rejects.toThrow(OTHER);
});

test("customers of test mode bind nobody but who would charge in earnest", async () => {
  const other = await createWorld();
  try {
    const account = await other.account({ hasCard: false });
    const { sql } = other.db;
    await sql`insert into stripe_customers (account_id, is_live, id) values (${account}, false, 'cus_test')`;
    for (const mode of ["test", null] as const) await checkStripeMode(sql, mode);
    await expect(checkStripeMode(sql, "live")).rejects.toThrow(OTHER);
  } finally {
    await other.close();
  }
});
