import type { Database } from "./database.ts";

/** Small things to remember, by name. */
export class Settings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(name: string): unknown {
    const row = this.#database.first<{ value: string }>("select value from settings where name = ?", name);
    return row === null ? null : JSON.parse(row.value);
  }

  write(name: string, value: unknown): void {
    this.#database.run(
      "insert into settings values (?, ?) on conflict (name) do update set value = excluded.value",
      name,
      JSON.stringify(value),
    );
  }
}
