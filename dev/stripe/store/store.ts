import type { SQLInputValue } from "node:sqlite";
import type { Database } from "./database.ts";
import type { Kind, Kinds } from "./kinds.ts";

interface Row {
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
}

/** Which objects, and which page of them: the newest come first, unless the oldest are wanted so. */
export interface Selection {
  /** Whose they are: the customer of a card, the invoice of a line. */
  readonly owner?: string | undefined;
  readonly owners?: readonly string[] | undefined;
  /** Paths into the object, and what must stand there. */
  readonly equals?: Readonly<Record<string, SQLInputValue | undefined>>;
  /** Paths, and whether nothing must stand there or something. */
  readonly isNull?: Readonly<Record<string, boolean>>;
  readonly createdFrom?: number | undefined;
  readonly createdTo?: number | undefined;
  readonly isOldestFirst?: boolean;
  readonly limit: number;
  readonly startingAfter?: string | undefined;
  readonly endingBefore?: string | undefined;
}

type Condition = readonly [sql: string, ...values: SQLInputValue[]];

const conditionsOf = (selection: Selection): readonly Condition[] => [
  ...(selection.owner === undefined ? [] : [["owner = ?", selection.owner] as const]),
  ...(selection.owners === undefined
    ? []
    : [[`owner in (${selection.owners.map(() => "?").join(", ")})`, ...selection.owners] as const]),
  ...(selection.createdFrom === undefined ? [] : [["created >= ?", selection.createdFrom] as const]),
  ...(selection.createdTo === undefined ? [] : [["created <= ?", selection.createdTo] as const]),
  ...Object.entries(selection.isNull ?? {}).map(([path, wanted]): Condition => [
    `json_extract(body, '$.${path}') is ${wanted ? "" : "not "}null`,
  ]),
  ...Object.entries(selection.equals ?? {}).flatMap(([path, value]): Condition[] =>
    // Our own words, not a caller's: written out, so that an index on the same expression serves it.
    value === undefined ? [] : [[`json_extract(body, '$.${path}') = ?`, value]],
  ),
];

// What a row of a kind holds was put there as an object of that kind.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the row's kind says what it is
const parse = <K extends Kind>(body: string): Kinds[K] => JSON.parse(body) as Kinds[K];

/** The objects of the emulated account, and beside each what the API does not show of it. */
export class Store {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | null {
    const row = this.#database.first<Row>("select body from objects where id = ? and kind = ?", id, kind);
    return row === null ? null : parse<K>(row.body);
  }

  /** An object of whatever kind. */
  findAny(id: string): Kinds[Kind] | null {
    const row = this.#database.first<Row>("select body from objects where id = ?", id);
    return row === null ? null : parse(row.body);
  }

  /** @throws Error: for objects that others refer to, which are there */
  get<K extends Kind>(kind: K, id: string): Kinds[K] {
    const found = this.find(kind, id);
    if (found === null) throw new Error(`The store has no ${kind} ${id}.`);
    return found;
  }

  hasKind(kind: Kind, id: string): boolean {
    return this.find(kind, id) !== null;
  }

  /** Adds an object, or replaces it and keeps its owner. */
  put<K extends Kind>(kind: K, object: Kinds[K] & { id: string }, owner: string | null = null): Kinds[K] {
    // A line has no time of its own.
    const created = "created" in object ? object.created : 0;
    this.#database.run(
      `insert into objects (id, kind, owner, created, body) values (?, ?, ?, ?, ?)
       on conflict (id) do update set body = excluded.body, owner = coalesce(excluded.owner, owner)`,
      object.id,
      kind,
      owner,
      created,
      JSON.stringify(object),
    );
    return object;
  }

  /** Takes an object from whoever owned it. */
  disown(id: string): void {
    this.#database.run("update objects set owner = null where id = ?", id);
  }

  remove(id: string): void {
    this.#database.run("delete from objects where id = ?", id);
  }

  /** What the API does not show of an object. */
  hide(id: string, hidden: object): void {
    this.#database.run("update objects set hidden = ? where id = ?", JSON.stringify(hidden), id);
  }

  hiddenOf(id: string): unknown {
    const row = this.#database.first<{ hidden: string | null }>(
      "select hidden from objects where id = ?",
      id,
    );
    return row?.hidden == null ? null : JSON.parse(row.hidden);
  }

  /** One page, and whether more comes after it. */
  page<K extends Kind>(
    kind: K,
    selection: Selection,
  ): { readonly data: Kinds[K][]; readonly hasMore: boolean } {
    const { startingAfter, endingBefore, limit, isOldestFirst = false } = selection;
    const isBackwards = endingBefore !== undefined;
    const goesUp = isOldestFirst !== isBackwards;
    const cursor = startingAfter ?? endingBefore;
    const conditions: readonly Condition[] = [
      // Written out too: the indexes on members are for one kind each.
      [`kind = '${kind}'`],
      ...conditionsOf(selection),
      ...(cursor === undefined
        ? []
        : [[`seq ${goesUp ? ">" : "<"} (select seq from objects where id = ?)`, cursor] as const]),
    ];
    const rows = this.#database.all<Row>(
      `select body from objects where ${conditions.map(([sql]) => sql).join(" and ")}
       order by seq ${goesUp ? "asc" : "desc"} limit ?`,
      ...conditions.flatMap(([, ...values]) => values),
      limit + 1,
    );
    const data = rows.slice(0, limit).map(({ body }) => parse<K>(body));
    return { data: isBackwards ? data.reverse() : data, hasMore: rows.length > limit };
  }

  /** All objects of one owner, the oldest first. */
  allOf<K extends Kind>(kind: K, owner: string): Kinds[K][] {
    return this.#database
      .all<Row>("select body from objects where kind = ? and owner = ? order by seq", kind, owner)
      .map(({ body }) => parse<K>(body));
  }

  count(kind: Kind): number {
    return (
      this.#database.first<{ n: number }>("select count(*) as n from objects where kind = ?", kind)?.n ?? 0
    );
  }
}
