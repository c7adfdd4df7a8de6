/** Programs that try to take more than they are given, and how each must end. */
import type { Resources, RunResult } from "../../server/runtime/types.ts";
import { PAGE, type RunOptions } from "./sandbox.ts";
import { call, program } from "./wat.ts";

const MIB = 1_048_576;
export const forever = (body: string) => `(loop $again ${body} (br $again))`;
const times = (count: number, body: string) =>
  `(local $i i32) (loop $again ${body} (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))`;
const I64S = "i64 ".repeat(4);
const FOUR = "(i64.const -1234567890123) ".repeat(4);
const write = (vectors: number) =>
  `(drop (call $fd_write (i32.const 1) (i32.const 1024) (i32.const ${vectors}) (i32.const 8)))`;

/** Enough to do harm with; what a spell has unless it asks for more is five times as much. */
export const FUEL = 200_000_000;

const THOUSAND_FILES: Resources = {
  digest: "a thousand files",
  files: Array.from({ length: 1_000 }, (_, i) => ({ path: `resources/file-${i}`, bytes: new Uint8Array(1) })),
};

export interface Attack {
  readonly what: string;
  readonly wat: string;
  readonly ending: RunResult["ending"];
  readonly options?: RunOptions;
}

/** What a program may try, and how it ends. */
export const ATTACKS: readonly Attack[] = [
  { what: "an endless loop", wat: program(forever("")), ending: "out-of-fuel" },
  {
    what: "an endless start",
    wat: program("", { fields: `(func $begin ${forever("")}) (start $begin)` }),
    ending: "out-of-fuel",
  },
  {
    what: "a recursion",
    wat: program("(call $down)", { fields: "(func $down (call $down) (call $down))" }),
    ending: "stack-exhausted",
  },
  {
    what: "a recursion with large frames",
    wat: program("(call $down)", {
      fields: `(func $down (local ${"i64 ".repeat(4_000)}) (local.set 3999 (i64.load (i32.const 0))) (call $down) (i64.store (i32.const 0) (local.get 3999)))`,
    }),
    ending: "stack-exhausted",
  },
  {
    what: "a recursion through a table",
    wat: program("(call $down)", {
      fields:
        "(table funcref (elem $down)) (func $down (call_indirect (i32.const 0)) (call_indirect (i32.const 0)))",
    }),
    ending: "stack-exhausted",
  },
  {
    what: "a recursion that catches everything",
    wat: program("(call $down)", { fields: "(func $down (try (do (call $down)) (catch_all (call $down))))" }),
    ending: "stack-exhausted",
  },
  {
    what: "a recursion that keeps an exception at every depth",
    wat: program("(call $down)", {
      fields: `(tag $e (param ${I64S})) (func $down (try $t (do (throw $e ${FOUR})) (catch_all (call $down) (rethrow $t))))`,
    }),
    ending: "stack-exhausted",
  },
  {
    what: "exceptions without end",
    wat: program(forever(`(try (do (throw $e ${FOUR})) (catch_all))`), {
      fields: `(tag $e (param ${I64S}))`,
    }),
    ending: "out-of-fuel",
  },
  {
    what: "growth by one page, each written to, to the largest memory",
    wat: program(`(local $at i32) (loop $more (local.set $at (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $at) (i32.const -1)) (then unreachable))
      (i32.store8 (i32.mul (local.get $at) (i32.const ${PAGE})) (i32.const 1)) (br $more))`),
    ending: "memory-limit",
    options: { limits: { memoryBytes: 64 * MIB } },
  },
  {
    what: "growth by sixteen pages to the largest memory",
    wat: program(
      "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable",
    ),
    ending: "memory-limit",
    options: { limits: { memoryBytes: 64 * MIB } },
  },
  {
    what: "growth that is refused without end",
    wat: program(forever("(drop (memory.grow (i32.const 20)))")),
    ending: "out-of-fuel",
  },
  {
    what: "the growth of tables",
    wat: program(
      "(loop $more (br_if $more (i32.ne (table.grow (ref.null func) (i32.const 100)) (i32.const -1)))) unreachable",
      { fields: "(table 0 funcref)" },
    ),
    ending: "memory-limit",
  },
  {
    what: "a table of the largest size, filled again and again",
    wat: program(forever("(table.fill (i32.const 0) (ref.null func) (i32.const 200000))"), {
      fields: "(table 200000 funcref)",
    }),
    ending: "out-of-fuel",
    options: { limits: { fuel: 50_000_000 } },
  },
  { what: "a flood of output", wat: program(forever(call("print", 0, PAGE))), ending: "output-limit" },
  {
    what: "a flood of output in single bytes",
    wat: program(forever(call("print", 0, 1))),
    ending: "output-limit",
    options: { limits: { fuel: 5 * FUEL } },
  },
  { what: "a flood of the log", wat: program(forever(call("log", 0, PAGE))), ending: "out-of-fuel" },
  {
    what: "a million writes of one byte",
    wat: program(times(1_000_000, call("print", 0, 1))),
    ending: "completed",
    options: { limits: { fuel: 5 * FUEL } },
  },
  {
    what: "sixteen million empty vectors, again and again",
    wat: program(forever(write(16_000_000)), { memory: "2000" }),
    ending: "out-of-fuel",
    options: { limits: { memoryBytes: 128 * MIB, fuel: 50_000_000 } },
  },
  {
    what: "a thousand empty vectors, again and again",
    wat: program(forever(write(1_000))),
    ending: "out-of-fuel",
    options: { limits: { fuel: 50_000_000 } },
  },
  {
    what: "a filling of more than there is",
    wat: program("(memory.fill (i32.const 0) (i32.const 0) (i32.const -1))"),
    ending: "trapped",
    options: { limits: { fuel: 5 * FUEL } },
  },
  {
    what: "fillings of much memory",
    wat: program(forever("(memory.fill (i32.const 0) (i32.const 1) (i32.const 100000000))"), {
      memory: "2000",
    }),
    ending: "out-of-fuel",
    options: { limits: { memoryBytes: 128 * MIB } },
  },
  {
    what: "copies of much memory",
    wat: program(forever("(memory.copy (i32.const 0) (i32.const 8) (i32.const 100000000))"), {
      memory: "2000",
    }),
    ending: "out-of-fuel",
    options: { limits: { memoryBytes: 128 * MIB } },
  },
  {
    what: "millions of calls of the host",
    wat: program(forever(`(drop ${call("sched_yield")})`)),
    ending: "out-of-fuel",
  },
  {
    what: "randomness without end",
    wat: program(forever(`(drop ${call("random_get", 0, PAGE)})`)),
    ending: "out-of-fuel",
    options: { limits: { fuel: 50_000_000 } },
  },
  {
    what: "reading beyond its payload without end",
    wat: program(forever(`(drop ${call("fd_read", 0, 16, 1, 24)})`)),
    ending: "out-of-fuel",
  },
  {
    what: "polling without end",
    wat: program(forever(`(drop ${call("poll_oneoff", 0, 0, 1_024, 60_000)})`)),
    ending: "out-of-fuel",
    options: { limits: { fuel: 50_000_000 } },
  },
  {
    what: "the first bytes of a listing of a thousand files, again and again",
    wat: program(
      forever(
        "(drop (call $fd_readdir (i32.const 3) (i32.const 1024) (i32.const 24) (i64.const 0) (i32.const 64)))",
      ),
    ),
    ending: "out-of-fuel",
    options: { resources: THOUSAND_FILES },
  },
  {
    what: "paths of thousands of steps",
    wat: program(
      `(memory.fill (i32.const 1024) (i32.const 47) (i32.const 4096)) (i32.store8 (i32.const 1024) (i32.const 46))
      ${forever(`(drop ${call("path_filestat_get", 3, 0, 1_024, 4_096, 64)})`)}`,
    ),
    ending: "out-of-fuel",
    options: { resources: THOUSAND_FILES },
  },
  {
    what: "exits that it catches",
    wat: program(forever(`(try (do ${call("proc_exit", 9)}) (catch_all))`)),
    ending: "exited",
  },
];
