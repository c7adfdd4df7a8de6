/** Spells for tests: the samples, and small programs written in the text format where a test needs to see them. */
import { fileURLToPath } from "node:url";
import type { Platform } from "../../server/context.ts";
import { publishSpell } from "../../server/services/spells/publish.ts";
import { readPackage } from "../../dev/read-package.ts";
import type { PackagedFile } from "../../server/runtime/wasi/files.ts";
import { assemble } from "./wat.ts";

type Parts = Pick<Platform, "db" | "config">;

const folderOf = (name: string) => fileURLToPath(new URL(`../../spells/${name}`, import.meta.url));

/** Publishes sample spells by name. */
export async function publishSamples(parts: Parts, ...names: readonly string[]): Promise<void> {
  for (const name of names) await publishSpell(parts, await readPackage(folderOf(name)));
}

export interface TestSpellOptions {
  readonly cents?: number;
  readonly version?: string;
  readonly wallMs?: number;
  /** So much by default that only wall time stops a program; 0 cents and this much is a tenth of a day's free fuel. */
  readonly fuel?: number;
  readonly rateMicros?: number;
  readonly resources?: readonly PackagedFile[];
  readonly memoryBytes?: number;
  readonly contentType?: string;
}

/** Publishes a program in the text format under `name`. */
export async function publishWat(
  parts: Parts,
  name: string,
  wat: string,
  {
    cents = 0,
    version = "1.0.0",
    wallMs = 1_000,
    fuel = 100_000_000_000,
    rateMicros = 0,
    resources = [],
    memoryBytes = 4_194_304,
    contentType = "application/json",
  }: TestSpellOptions = {},
): Promise<void> {
  const manifest = {
    name,
    key: `test.${name}`,
    version,
    description: "A program of a test.",
    module: "program.wasm",
    price:
      rateMicros === 0
        ? { model: "flat", flat_micros: cents * 10_000 }
        : { model: "metered", flat_micros: cents * 10_000, rate_micros_per_million_fuel: rateMicros },
    resources: resources.map(({ path }) => path),
    limits: { fuel, memory_bytes: memoryBytes, wall_ms: wallMs },
    input: { schema: true },
    output: { content_type: contentType },
  };
  await publishSpell(parts, { manifest, module: assemble(wat), resources });
}

const IMPORTS = `
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))`;

/** A command that runs `body`; `$print (pointer) (length)` writes to stdout, `$log` to stderr. */
export const command = (
  body: string,
  { pages = 1, data = "" }: { pages?: number; data?: string } = {},
): string => `
(module ${IMPORTS}
  (memory (export "memory") ${pages})
  ${data}
  (func $write (param $fd i32) (param $from i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $print (param i32 i32) (call $write (i32.const 1) (local.get 0) (local.get 1)))
  (func $log (param i32 i32) (call $write (i32.const 2) (local.get 0) (local.get 1)))
  (func (export "_start") ${body}))`;

const text = (value: string): string =>
  [...Buffer.from(value)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

/** A command that prints exactly this text. */
export const printing = (output: string): string =>
  command(`(call $print (i32.const 64) (i32.const ${Buffer.byteLength(output)}))`, {
    data: `(data (i32.const 64) "${text(output)}")`,
  });

/** A command that spins, counting to `millions` million, and then prints `1`. */
export const spinning = (millions: number): string =>
  command(
    `(local $i i64)
     (loop $again
       (local.set $i (i64.add (local.get $i) (i64.const 1)))
       (br_if $again (i64.lt_u (local.get $i) (i64.const ${millions}000000))))
     (call $print (i32.const 64) (i32.const 1))`,
    { data: '(data (i32.const 64) "1")' },
  );

/** Programs that try to do harm. */
export const HOSTILE = {
  endlessLoop: command("(loop $again (br $again))"),
  memoryBomb: command(
    `(loop $again
       (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (br $again))))
     unreachable`,
  ),
  outputFlood: command("(loop $again (call $print (i32.const 64) (i32.const 60000)) (br $again))"),
  logFlood: command("(loop $again (call $log (i32.const 64) (i32.const 60000)) (br $again))"),
} as const;
