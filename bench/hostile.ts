/**
 * `make bench-hostile`: how long good casts of ten accounts take in the pool, alone and while hostile ones of five other
 * accounts run at their cap: endless loops, memory bombs, output floods, deep recursion.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { createRuntime } from "../server/runtime/create-runtime.ts";
import { prepareModule } from "../server/runtime/prepare/prepare-module.ts";
import type { RunRequest, Runtime } from "../server/runtime/types.ts";
import { command, HOSTILE } from "../tests/support/spells.ts";
import { assemble } from "../tests/support/wat.ts";

const MEASURED_MS = 8_000;
const GOOD_ACCOUNTS = 10;
/** Pause between two casts of one good account. */
const EVERY_MS = 20;

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

function requestOf(bytes: Uint8Array): Omit<RunRequest, "runId" | "group"> {
  const { prepared, preparedDigest } = prepareModule(bytes, {
    memoryBytes: 16 * 1_048_576,
    maxModuleBytes: 1_048_576,
  });
  return {
    module: new WebAssembly.Module(Uint8Array.from(prepared)),
    moduleDigest: preparedDigest,
    input: Buffer.from('{"hello":"world"}'),
    args: ["bench"],
    env: {},
    clockMicros: 1_000_000,
    seed: new Uint8Array(32),
    limits: {
      fuel: 1_000_000_000,
      memoryBytes: 16 * 1_048_576,
      wallMs: 1_000,
      outputBytes: 1_048_576,
      logBytes: 4_096,
    },
    outputContentType: "application/json",
  };
}

const good = requestOf(await readFile(new URL("../spells/echo/echo.wasm", import.meta.url)));
const RECURSION = command("").replace(
  '(func (export "_start")',
  '(func $deep (param i32) (call $deep (local.get 0))) (func (export "_start") (call $deep (i32.const 1))',
);
const hostile = [
  HOSTILE.endlessLoop,
  HOSTILE.memoryBomb,
  HOSTILE.outputFlood,
  HOSTILE.logFlood,
  RECURSION,
].map((wat) => requestOf(assemble(wat)));

async function measureGood(runtime: Runtime, name: string): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + MEASURED_MS;
  const account = async (id: number): Promise<void> => {
    for (let i = 0; performance.now() < until; i += 1) {
      const startedAt = performance.now();
      const result = await runtime.run({ ...good, runId: `${name}-${id}-${i}`, group: `good-${id}` });
      if (result.ending !== "completed") throw new Error(`a good cast ended as ${result.ending}`);
      times.push(performance.now() - startedAt);
      await pause(EVERY_MS);
    }
  };
  await Promise.all(Array.from({ length: GOOD_ACCOUNTS }, (_, id) => account(id)));
  console.log(
    `${name.padEnd(8)} ${times.length} casts, p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms`,
  );
  return percentile(times, 0.99);
}

const runtime = createRuntime({ threads: 4, longThreads: 8, maxQueue: 10_000 });
await measureGood(runtime, "warm-up");
const quiet = await measureGood(runtime, "quiet");
let isOver = false;
/** Four at once of each hostile account, again and again. */
const attackers = hostile.flatMap((request, kind) =>
  Array.from({ length: 4 }, async (_, lane) => {
    for (let i = 0; !isOver; i += 1) {
      await runtime.run({ ...request, runId: `hostile-${kind}-${lane}-${i}`, group: `hostile-${kind}` });
    }
  }),
);
await pause(1_000);
const attacked = await measureGood(runtime, "attacked");
isOver = true;
await Promise.all(attackers);
await runtime.close();
console.log(
  `quiet p99 ${quiet.toFixed(2)} ms, attacked p99 ${attacked.toFixed(2)} ms, goal ${Math.max(5 * quiet, 50).toFixed(0)} ms`,
);
