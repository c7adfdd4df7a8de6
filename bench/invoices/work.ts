/** What a phase of a run costs: the database's work, and the processor time of each of the stack's programs. */
import { readdirSync, readFileSync } from "node:fs";
import type { Sql } from "../../server/db/connect.ts";

const PROGRAMS = {
  web: "server/main.ts",
  worker: "jobs/run.ts",
  stripe: "stripe/main.ts",
  postgres: "postgres",
};
type Program = keyof typeof PROGRAMS;

/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly program: Program | null;
  /** Its own and that of its children that have ended. */
  readonly ticks: number;
}

function readProcess(pid: number): Process | null {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    // The name in parentheses may hold blanks: fields are counted from behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const names = Object.keys(PROGRAMS) as Program[];
    return {
      pid,
      parent: Number(stat[1]),
      program: names.find((name) => line.includes(PROGRAMS[name])) ?? null,
      ticks: [11, 12, 13, 14].reduce((sum, index) => sum + Number(stat[index]), 0),
    };
  } catch {
    return null;
  }
}

function processesOf(supervisor: number): Process[] {
  const all = readdirSync("/proc").map((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : null));
  const found = all.filter((process) => process !== null);
  const family = new Set([supervisor]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of found) if (family.has(parent)) family.add(pid);
  }
  return found.filter(({ pid }) => family.has(pid));
}

/** The process id of one of the stack's programs. */
export function pidOf(supervisor: number, program: Program): number {
  const found = processesOf(supervisor).find((process) => process.program === program);
  if (found === undefined) throw new Error(`the stack has no ${program}`);
  return found.pid;
}

interface Reading {
  readonly atMs: number;
  readonly commits: number;
  readonly rows: number;
  readonly ticks: ReadonlyMap<Program, number>;
}

/** Between two readings. */
export interface Work {
  readonly seconds: number;
  readonly commits: number;
  /** Inserted, updated and deleted. */
  readonly rows: number;
  /** Seconds of processor time by program. */
  readonly busy: Readonly<Record<Program, number>>;
}

async function read(sql: Sql, supervisor: number): Promise<Reading> {
  const atMs = performance.now();
  const ticks = new Map<Program, number>();
  for (const { program, ticks: more } of processesOf(supervisor))
    if (program !== null) ticks.set(program, (ticks.get(program) ?? 0) + more);
  const [row] = await sql<[Pick<Reading, "commits" | "rows">]>`
    select d.xact_commit as commits, d.tup_inserted + d.tup_updated + d.tup_deleted as rows
      from pg_stat_database d where d.datname = current_database()`;
  return { atMs, ticks, ...row };
}

/** Reads now; what it gives reads again and says what was done between. A connection at work tells its figures once a second. */
export async function startWork(sql: Sql, supervisor: number): Promise<() => Promise<Work>> {
  const before = await read(sql, supervisor);
  return async () => {
    const after = await read(sql, supervisor);
    const busyOf = (program: Program) =>
      ((after.ticks.get(program) ?? 0) - (before.ticks.get(program) ?? 0)) / TICKS_PER_SECOND;
    return {
      seconds: (after.atMs - before.atMs) / 1_000,
      commits: after.commits - before.commits,
      rows: after.rows - before.rows,
      busy: {
        web: busyOf("web"),
        worker: busyOf("worker"),
        stripe: busyOf("stripe"),
        postgres: busyOf("postgres"),
      },
    };
  };
}
