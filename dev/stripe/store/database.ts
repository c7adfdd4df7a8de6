import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

const SCHEMA = `
create table if not exists objects (
  seq integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  owner text,
  created integer not null,
  body text not null,
  hidden text
);
create index if not exists objects_by_kind on objects (kind, seq);
create index if not exists objects_by_owner on objects (kind, owner, seq);
create index if not exists payments_by_intent on objects (json_extract(body, '$.payment.payment_intent'), seq)
  where kind = 'invoice_payment';
create index if not exists items_by_invoice on objects (json_extract(body, '$.invoice'), seq)
  where kind = 'invoiceitem';
create index if not exists notes_by_customer on objects (json_extract(body, '$.customer'), seq)
  where kind = 'credit_note';
create index if not exists charges_by_customer on objects (json_extract(body, '$.customer'), seq)
  where kind = 'charge';
create index if not exists sessions_by_customer on objects (json_extract(body, '$.customer'), seq)
  where kind = 'checkout.session';
create table if not exists answers (
  key text primary key,
  digest text not null,
  status integer not null,
  body text not null,
  request_id text not null,
  at_s integer not null
);
create table if not exists deliveries (
  seq integer primary key autoincrement,
  event text not null,
  attempts integer not null default 0,
  due_ms integer not null
);
create index if not exists deliveries_by_time on deliveries (due_ms, seq);
create index if not exists deliveries_by_event on deliveries (event);
create table if not exists tasks (
  name text not null,
  object text not null,
  due_s integer not null,
  primary key (name, object)
);
create index if not exists tasks_by_time on tasks (due_s);
create table if not exists settings (name text primary key, value text not null);
create table if not exists unindexed (id text primary key, due_s integer not null);
create table if not exists documents (id text primary key, kind text not null, body text not null);
create table if not exists terms (
  kind text not null,
  field text not null,
  value text not null,
  id text not null,
  primary key (kind, field, value, id)
) without rowid;
create index if not exists terms_by_id on terms (id);
`;

/** A database in a file, so that what was answered is still there after the process was killed. */
export class Database {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    // A killed process loses nothing by this, only a machine that loses its power may.
    this.#database.exec("pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 5000");
    this.#database.exec(SCHEMA);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** The caller says what columns its statement selects. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- SQL says what a row is, not a type
  all<Row>(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    // The rows have the columns that the statement names: the two stand side by side where this is called.
    return this.#prepare(sql).all(...values) as Row[];
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
  first<Row>(sql: string, ...values: SQLInputValue[]): Row | null {
    return this.all<Row>(sql, ...values)[0] ?? null;
  }

  /** All of it or nothing. */
  transact<T>(work: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}
