import type { Clock } from "../clock.ts";
import type { Database } from "./database.ts";
import type { Kind, Kinds } from "./kinds.ts";

const SEARCHABLE = new Set<Kind>(["customer", "invoice", "payment_intent", "charge"]);

/** What searches see of the objects: what they were like a while ago. */
export class SearchIndex {
  readonly #database: Database;
  readonly #clock: Clock;
  /** How far searches stay behind. */
  lagSeconds = 0;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** An object was written or removed. */
  note(kind: Kind, id: string): void {
    if (!SEARCHABLE.has(kind)) return;
    if (this.lagSeconds === 0) {
      this.#index(id);
      return;
    }
    // A second change does not put the first one off.
    this.#database.run(
      "insert into unindexed values (?, ?) on conflict (id) do nothing",
      id,
      this.#clock.nowS + this.lagSeconds,
    );
  }

  #index(id: string): void {
    this.#database.run("delete from terms where id = ?", id);
    this.#database.run("delete from documents where id = ?", id);
    this.#database.run(
      "insert into documents (id, kind, body) select id, kind, body from objects where id = ?",
      id,
    );
    this.#database.run(
      `insert or ignore into terms (kind, field, value, id)
       select objects.kind, pair.key, pair.value, objects.id
       from objects, json_each(objects.body, '$.metadata') as pair where objects.id = ?`,
      id,
    );
  }

  /** The ids of the objects with these metadata, or of all; the newest first. */
  candidates<K extends Kind>(kind: K, metadata: readonly [name: string, value: string] | null): Kinds[K][] {
    for (const { id } of this.#database.all<{ id: string }>(
      "select id from unindexed where due_s <= ?",
      this.#clock.nowS,
    )) {
      this.#index(id);
      this.#database.run("delete from unindexed where id = ?", id);
    }
    const rows =
      metadata === null
        ? this.#database.all<{ body: string }>(
            `select documents.body from documents join objects using (id)
             where documents.kind = ? order by objects.seq desc`,
            kind,
          )
        : this.#database.all<{ body: string }>(
            `select documents.body from terms join documents using (id) join objects using (id)
             where terms.kind = ? and terms.field = ? and terms.value = ? order by objects.seq desc`,
            kind,
            ...metadata,
          );
    // A document of a kind was copied from an object of that kind.
    return rows.map(({ body }) => JSON.parse(body) as Kinds[K]);
  }
}
