/** Mistakes to plant in the SQL of a throw-away database: each is one the product could have been written with. */
import postgres from "postgres";

export interface PlantedBug {
  readonly name: string;
  /** Told only by calls that meet. */
  readonly needsConcurrency?: true;
  /** What goes before, as the owner. */
  readonly prepare?: string;
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly function: string;
  readonly from: string;
  readonly to: string;
}

const edit = (name: string, from: string, to: string): Edit => ({ function: name, from, to });

const ACCOUNTS =
  "     where c.id = any (array(select r.account_id from unnest(p_requests) r))\n     order by c.id";
const LOCK = "\n       for no key update";
const LOCK_OF_ADMISSION = `  accounts := array(\n    select c.id\n      from accounts c\n${ACCOUNTS}${LOCK}\n  );`;
const UNLOCKED = LOCK_OF_ADMISSION.replace(LOCK, "");
const READ_REQUESTS = "  batch := read_requests(p_requests, now_at, this_month);";
const READ_ACCOUNTS = "  accounts_known := read_accounts(accounts, today, this_month, p_settings);";
const CLOCK = `  now_at := clock_timestamp() + p_clock_offset;
  today := (now_at at time zone 'UTC')::date;
  this_month := date_trunc('month', today)::date;`;
const DURABILITY = "  perform set_config('synchronous_commit', case";
const ACCOUNT_IS_CARRIED = "    accounts_known[account_number] := account;\n    if key_number is null";

export const BUGS: readonly PlantedBug[] = [
  {
    name: "a read-then-write check: admission takes no lock",
    needsConcurrency: true,
    edits: [
      edit("admit_casts", LOCK_OF_ADMISSION, UNLOCKED),
      edit("move_casts", "order by a.id\n        for no key update", "order by a.id"),
    ],
  },
  {
    name: "decisions before the lock: accounts and keys are read first",
    needsConcurrency: true,
    edits: [
      edit("admit_casts", `${READ_REQUESTS}\n${READ_ACCOUNTS}`, ""),
      edit("admit_casts", CLOCK, "  now_at := clock_timestamp() + p_clock_offset;"),
      edit(
        "admit_casts",
        DURABILITY,
        `${UNLOCKED}\n${CLOCK}\n${READ_REQUESTS}\n${READ_ACCOUNTS}\n${DURABILITY}`,
      ),
    ],
  },
  {
    name: "a lost update on key limits: the keys' usage is read before the lock",
    needsConcurrency: true,
    edits: [
      edit("admit_casts", READ_REQUESTS, ""),
      edit("admit_casts", DURABILITY, `${CLOCK}\n${READ_REQUESTS}\n${DURABILITY}`),
    ],
  },
  {
    name: "a sum over the batch: a refused cast takes from the limits too",
    edits: [
      edit(
        "admit_casts",
        "      refusal := refusing_limit(account, key_limit, hold.hold_micros);",
        `      refusal := refusing_limit(account, key_limit, hold.hold_micros);
      account.budget.held_micros := (account.budget).held_micros + hold.hold_micros;
      accounts_known[account_number] := account;`,
      ),
    ],
  },
  {
    name: "running figures are not carried: a batch is decided against what was there before it",
    edits: [
      edit("admit_casts", ACCOUNT_IS_CARRIED, "    if key_number is null"),
      edit("admit_casts", "      keys_known[key_number] := key_limit;", "      null;"),
    ],
  },
  {
    name: "a forgotten release: what a key holds is never given back",
    edits: [
      edit(
        "move_usage",
        `  on conflict (key_id, month) do update
    set held_micros = u.held_micros - excluded.held_micros,`,
        `  on conflict (key_id, month) do update
    set held_micros = u.held_micros,`,
      ),
    ],
  },
  {
    name: "a forgotten release: calling a cast off deletes its hold and moves nothing",
    edits: [edit("cancel_cast", "  perform end_casts(ended, now_at);", "")],
  },
  {
    name: "a gap after a rollback: the ledger numbers its entries from a sequence",
    prepare: "create sequence planted_seq",
    edits: [
      edit(
        "ledger_append",
        "  canonical := array(",
        `  last_seq := nextval('public.planted_seq') - 1;
  perform setval('public.planted_seq', last_seq + count_appended);
  canonical := array(`,
      ),
    ],
  },
  {
    name: "settling without the hold: it is looked at and not consumed",
    edits: [
      edit(
        "settle_casts",
        `    delete from holds h
     where h.cast_id = any (ids)`,
        `    update holds h
       set starts = h.starts
     where h.cast_id = any (ids)`,
      ),
    ],
  },
  {
    name: "the period is taken before the lock",
    needsConcurrency: true,
    edits: [edit("admit_casts", CLOCK, ""), edit("admit_casts", DURABILITY, `${CLOCK}\n${DURABILITY}`)],
  },
  {
    name: "free fuel is not counted",
    edits: [
      edit(
        "move_usage",
        "free_fuel_used = u.free_fuel_used + excluded.free_fuel_used,",
        "free_fuel_used = u.free_fuel_used,",
      ),
    ],
  },
  {
    name: "a free cast does not hold its fuel",
    edits: [
      edit(
        "admit_casts",
        "      account.free_fuel_held := account.free_fuel_held + hold.fuel_limit;",
        "      account.free_fuel_held := account.free_fuel_held;",
      ),
    ],
  },
  {
    name: "the allowance is not counted when a card came in between",
    edits: [
      edit(
        "move_usage",
        "sum(case when c.funding = 'allowance' then c.cost_micros else 0 end),\n         count(*)\n",
        `sum(case when c.funding = 'allowance' and not exists (
               select 1 from payment_methods m where m.account_id = c.account_id and m.removed_at is null
             ) then c.cost_micros else 0 end),
         count(*)
`,
      ),
    ],
  },
  {
    name: "the row of an Idempotency-Key stays when its cast is released",
    edits: [edit("end_casts", "if cardinality(released) > 0 then", "if false then")],
  },
  {
    name: "a notice is given again with every settlement",
    prepare: "grant update on budget_notices to public",
    edits: [
      edit(
        "give_notices",
        "on conflict do nothing",
        "on conflict (account_id, period, period_start, threshold) do update set given_at = excluded.given_at",
      ),
    ],
  },
  {
    name: "usage lines are made and not moved",
    edits: [
      edit(
        "move_usage",
        `  on conflict (account_id, day, version_id, key_id) do update
    set settled_micros = u.settled_micros + excluded.settled_micros,
        allowance_micros = u.allowance_micros + excluded.allowance_micros,
        calls = u.calls + excluded.calls,
        fuel = u.fuel + excluded.fuel;`,
        "  on conflict do nothing;",
      ),
    ],
  },
  {
    name: "a settlement belongs to the day in which it comes",
    edits: [
      edit(
        "ended_cast",
        "p_hold.cast_id, p_hold.account_id, p_hold.key_id, p_hold.version_id, p_hold.day,",
        "p_hold.cast_id, p_hold.account_id, p_hold.key_id, p_hold.version_id, (p_now at time zone 'UTC')::date,",
      ),
    ],
  },
  {
    name: "a daily budget forgets the month's maximum",
    edits: [
      edit("limits_of_accounts", "case b.period when 'daily' then p_maximum_micros end", "null::bigint"),
    ],
  },
  {
    name: "a cast of a cap that used up its fuel is free",
    edits: [edit("ended_cast", "and p_hold.is_capped and p_hold.rate_micros > 0", "and false")],
  },
  {
    name: "what the allowance paid is not credited",
    edits: [edit("ledger_append_ended", "or (c.funding = 'allowance' and c.cost_micros > 0)", "or false")],
  },
  {
    name: "a cast goes back to the queue for ever",
    edits: [edit("sweep_casts", "and h.starts < 3", "and true")],
  },
  {
    name: "a running cast can be called off",
    edits: [edit("cancel_cast", "and h.state = 'queued'", "and h.stdin is not null")],
  },
  {
    name: "two processes start one queued cast",
    edits: [edit("start_cast", "and h.state = 'queued'", "and h.stdin is not null")],
  },
  {
    name: "a revoked key casts on",
    edits: [edit("credential_state", "     and k.revoked_at is null\n", "")],
  },
  {
    name: "the limit with most left is named",
    edits: [edit("refusing_limit", ", l.rank", " desc, l.rank")],
  },
  {
    name: "a dearer version is not noticed when only its rate is higher",
    edits: [edit("read_requests", " or v.rate_micros > p.rate_micros", "")],
  },
  {
    name: "a repeat in the batch of its first request is taken for one that ended",
    edits: [
      edit(
        "admit_casts",
        "first_cast.cast_id in (select h.cast_id from unnest(placed) h)\n            or",
        "",
      ),
    ],
  },
];

/** Plants a bug. @throws when the SQL is no longer what the bug was written for */
export async function plant(ownerUrl: string, bug: PlantedBug): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    if (bug.prepare !== undefined) await sql.unsafe(bug.prepare);
    for (const { function: name, from, to } of bug.edits) {
      const [row] = await sql<{ definition: string }[]>`
        select pg_get_functiondef(p.oid) as definition from pg_proc p where p.proname = ${name}`;
      const definition = row?.definition ?? "";
      if (definition.split(from).length !== 2)
        throw new Error(`${bug.name}: ${name} has not exactly one place for it`);
      await sql.unsafe(definition.replace(from, () => to));
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}
