/** What people change: through the product's own verbs where they are built, else by SQL under the account's lock. */
import { SCOPES, type ServiceContext } from "../../server/context.ts";
import type { Sql } from "../../server/db/connect.ts";
import { registerCard } from "../../server/services/billing/register-card.ts";
import { resetBudget } from "../../server/services/budgets/reset.ts";
import { changeBudget, replaceBudget } from "../../server/services/budgets/set.ts";
import { revokeKey } from "../../server/services/keys/revoke.ts";
import { testCard } from "../support/test-card.ts";
import type { Account, Budget, Key } from "./account.ts";
import type { Change } from "./operations.ts";
import type { Simulation } from "./simulation.ts";

const CENT = 10_000;

function contextOf({ db, config, clock }: Simulation, { id: accountId }: Account): ServiceContext {
  const credential = { accountId, keyPrefix: null, sessionDigest: null };
  // The verbs of budgets and keys use these four and nothing else of it.
  return { db, config, clock, actor: { credential, accountId, scopes: SCOPES } } as unknown as ServiceContext;
}

/** The limit of an account with a card that chose none. */
const standard = ({ model }: Simulation): Budget => ({
  period: "monthly",
  softMicros: null,
  hardMicros: model.settings.defaultMicros,
  thresholds: [70, 90],
});

/** Runs statements as one transaction that has the account's lock; gives the moment at which it had it. */
export async function underLock(
  sql: Sql,
  accountId: string,
  change: (sql: Sql) => Promise<unknown>,
): Promise<number> {
  return sql.begin(async (transaction) => {
    await transaction`select 1 from accounts where id = ${accountId} for no key update`;
    // A transaction answers the same calls as the pool it was taken from; only its type has fewer.
    await change(transaction as unknown as Sql);
    const [now] = await transaction<[{ micros: number }]>`
      select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros`;
    return now.micros;
  });
}

/** Puts this budget in the place of whatever the account had. */
export function replaceIt(
  simulation: Simulation,
  account: Account,
  period: Budget["period"],
  hardCents: number,
): Change {
  const { random } = simulation;
  const softCents = random.oneIn(2) ? null : random.below(hardCents + 1);
  const thresholds = random.pick([[70, 90], [50], [10, 50, 100], []]);
  const input = {
    period,
    soft_limit_cents: softCents,
    hard_limit_cents: hardCents,
    notify_thresholds: thresholds,
  };
  return {
    what: `a ${period} budget of ${hardCents} cents`,
    account,
    entryKind: "budget.changed",
    run: async () => {
      await replaceBudget(contextOf(simulation, account), input);
      return null;
    },
    apply: () => {
      const softMicros = softCents === null ? null : softCents * CENT;
      account.budget = { period, softMicros, hardMicros: hardCents * CENT, thresholds };
    },
  };
}

function moveIt(simulation: Simulation, account: Account, budget: Budget): Change {
  const factor = simulation.random.pick([0.25, 0.5, 2, 4]);
  const most = simulation.config.BUDGET_MAX_CENTS;
  const hardCents = Math.min(most, Math.max(1, Math.floor((budget.hardMicros / CENT) * factor)));
  return {
    what: `the limit moved to ${hardCents} cents`,
    account,
    entryKind: "budget.changed",
    run: async () => {
      await changeBudget(contextOf(simulation, account), { hard_limit_cents: hardCents });
      return null;
    },
    apply: () => {
      const hardMicros = hardCents * CENT;
      const softMicros = budget.softMicros === null ? null : Math.min(budget.softMicros, hardMicros);
      account.budget = { ...budget, hardMicros, softMicros };
    },
  };
}

function deleteIt(simulation: Simulation, account: Account): Change {
  return {
    what: "the budget deleted",
    account,
    entryKind: "budget.changed",
    run: async () => {
      await resetBudget(contextOf(simulation, account));
      return null;
    },
    apply: () => {
      account.budget = account.hasCard ? standard(simulation) : null;
    },
  };
}

/** Sets, lowers, raises or deletes the account's budget. */
export function anyBudgetChange(simulation: Simulation, account: Account): Change {
  const { budget } = account;
  const { random } = simulation;
  if (budget === null || random.oneIn(3))
    return replaceIt(simulation, account, random.pick(["daily", "monthly"]), 2 + random.below(60));
  return random.oneIn(4) ? deleteIt(simulation, account) : moveIt(simulation, account, budget);
}

/** Registers a card, or removes the one there is. */
export function anyCardChange(simulation: Simulation, account: Account): Change {
  const { db, config } = simulation;
  if (!account.hasCard) {
    return {
      what: "a card registered",
      account,
      entryKind: "card.added",
      run: async () => {
        await registerCard({ db, config }, account.id, testCard());
        return null;
      },
      apply: () => {
        account.hasCard = true;
        account.budget ??= standard(simulation);
      },
    };
  }
  return {
    what: "the card removed",
    account,
    entryKind: null,
    run: () =>
      underLock(
        db.sql,
        account.id,
        (sql) => sql`
          update payment_methods set removed_at = clock_timestamp()
           where account_id = ${account.id} and removed_at is null`,
      ),
    apply: () => {
      account.hasCard = false;
    },
  };
}

/** Revokes a key, changes its limit, or rotates it. */
export function anyKeyChange(simulation: Simulation, account: Account, key: Key): Change {
  const { random, db } = simulation;
  const common = { account, entryKind: null };
  switch (random.below(3)) {
    case 0:
      return {
        what: "a key revoked",
        account,
        entryKind: "key.revoked",
        run: async () => {
          await revokeKey(contextOf(simulation, account), key.prefixes[0] ?? "");
          return null;
        },
        apply: () => {
          key.isRevoked = true;
        },
      };
    case 1: {
      const limitMicros = random.oneIn(4) ? null : random.below(30) * CENT;
      return {
        ...common,
        what: `a key's limit set to ${limitMicros ?? "none"}`,
        run: () =>
          underLock(
            db.sql,
            account.id,
            (sql) => sql`update api_keys set monthly_limit_micros = ${limitMicros} where id = ${key.id}`,
          ),
        apply: () => {
          key.limitMicros = limitMicros;
        },
      };
    }
    default: {
      const [prefix, hmac] = [Buffer.from(random.bytes(5)).toString("hex"), random.bytes(32)];
      return {
        ...common,
        what: "a new secret for a key, the one before in a grace that never ends",
        run: () =>
          underLock(db.sql, account.id, async (sql) => {
            await sql`delete from api_key_secrets where key_id = ${key.id} and expires_at is not null`;
            await sql`update api_key_secrets set expires_at = 'infinity' where key_id = ${key.id}`;
            await insertSecret(sql, key.id, prefix, hmac);
          }),
        apply: () => {
          // At most two live.
          key.prefixes.splice(0, key.prefixes.length - 1);
          key.prefixes.push(prefix);
        },
      };
    }
  }
}

export const insertSecret = (sql: Sql, keyId: string, prefix: string, hmac: Uint8Array) => sql`
  insert into api_key_secrets (prefix, key_id, hmac, argon2)
  values (${prefix}, ${keyId}, ${hmac}, 'unused: the simulator presents no secret')`;
