import type { Database } from "./database.ts";

/** What happens by itself when its time has come; the names are those of the verbs that do it. */
export type TaskName = "finalize-invoice" | "pay-invoice" | "expire-session" | "mark-overdue";

export interface Task {
  readonly name: TaskName;
  readonly object: string;
  readonly dueS: number;
}

/** One task of a name for an object: setting it again moves it. */
export class Tasks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  set({ name, object, dueS }: Task): void {
    this.#database.run(
      "insert into tasks values (?, ?, ?) on conflict (name, object) do update set due_s = excluded.due_s",
      name,
      object,
      dueS,
    );
  }

  drop(name: TaskName, object: string): void {
    this.#database.run("delete from tasks where name = ? and object = ?", name, object);
  }

  /** The first of those that are due by then. */
  next(byS: number): Task | null {
    return this.#database.first<Task>(
      "select name, object, due_s as dueS from tasks where due_s <= ? order by due_s, rowid limit 1",
      byS,
    );
  }
}
