/**
 * `make bench-sandbox`: what metering costs, as ratios of runs that take turns in one process, and how fast casts are
 * made fresh. Absolute times differ from machine to machine; the ratios are what the sandbox answers for.
 */
import { readFile } from "node:fs/promises";
import { createInstance } from "../server/runtime/instance.ts";
import { createRuntime } from "../server/runtime/create-runtime.ts";
import { NAMES } from "../server/runtime/prepare/policy.ts";
import { prepareModule } from "../server/runtime/prepare/prepare-module.ts";
import { runProgram } from "../server/runtime/run-program.ts";
import type { RunRequest } from "../server/runtime/types.ts";
import { WasiHost } from "../server/runtime/wasi/host.ts";
import type { Rules } from "../server/runtime/prepare/write-function.ts";
import { buildKernel, KERNELS, type Kernel } from "./kernels.ts";

const WARM_UP_MS = 1_500;
const ROUNDS = 15;
const FUEL = 2n ** 62n;
const POLICY = { memoryBytes: 256 * 1_048_576, maxModuleBytes: 64 * 1_048_576, mustBeCommand: false };

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

type Call = () => unknown;

/** One form of a kernel, ready to be called. */
function callable(bytes: Uint8Array<ArrayBuffer>, size: number): Call {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const [kernel, fuel] = [exports["kernel"], exports[NAMES.fuel]];
  if (typeof kernel !== "function") throw new Error("no kernel");
  return () => {
    if (fuel instanceof WebAssembly.Global) fuel.value = FUEL;
    return Reflect.apply(kernel, undefined, [size]) as unknown;
  };
}

function timed(call: Call): number {
  const startedAt = performance.now();
  call();
  return performance.now() - startedAt;
}

function prepared(bytes: Uint8Array, rules: Rules): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(prepareModule(bytes, { ...POLICY, rules }).prepared);
}

/** Ratios to the unprepared form, of all rules and without the one on floats. */
async function measure(kernel: Kernel): Promise<{ all: number; withoutFloats: number }> {
  const bytes = await buildKernel(kernel);
  const forms = [
    bytes,
    prepared(bytes, { hasFuel: true, hasFloats: true }),
    prepared(bytes, { hasFuel: true, hasFloats: false }),
  ].map((form) => callable(form, kernel.size));
  const answers = forms.map((call) => call());
  if (new Set(answers).size !== 1) throw new Error(`${kernel.name} gives ${answers.join(", ")}`);
  for (const call of forms)
    for (const until = performance.now() + WARM_UP_MS; performance.now() < until;) call();
  const times = Array.from({ length: ROUNDS }, () => forms.map(timed));
  const ratio = (form: number) => median(times.map((round) => (round[form] ?? 0) / (round[0] ?? 1)));
  const plainMs = median(times.map((round) => round[0] ?? 0));
  const [all, withoutFloats] = [ratio(1), ratio(2)];
  console.log(
    `${kernel.name.padEnd(12)} ${plainMs.toFixed(1).padStart(7)} ms unprepared, ${all.toFixed(2)} prepared, ${withoutFloats.toFixed(2)} without the float rule`,
  );
  return { all, withoutFloats };
}

async function echoRequest(): Promise<RunRequest> {
  const bytes = await readFile(new URL("../spells/echo/echo.wasm", import.meta.url));
  const { prepared: form, preparedDigest } = prepareModule(bytes, {
    memoryBytes: 4 * 1_048_576,
    maxModuleBytes: 1_048_576,
  });
  return {
    runId: "bench",
    module: new WebAssembly.Module(Uint8Array.from(form)),
    moduleDigest: preparedDigest,
    input: Buffer.from('{"hello":"world"}'),
    args: ["echo"],
    env: {},
    clockMicros: 1_000_000,
    seed: new Uint8Array(32),
    limits: {
      fuel: 100_000_000,
      memoryBytes: 4 * 1_048_576,
      wallMs: 1_000,
      outputBytes: 1_048_576,
      logBytes: 4_096,
    },
    outputContentType: "application/json",
  };
}

/** A fresh call inside a thread, with a kept instance and with a new one each time. */
function measureFresh(request: RunRequest): void {
  const sample = (call: Call, count: number): number[] => {
    for (let i = 0; i < count; i += 1) call();
    return Array.from({ length: count }, () => timed(call) * 1_000);
  };
  const kept = sample(() => runProgram(request), 20_000);
  console.log(
    `fresh call p50 ${percentile(kept, 0.5).toFixed(0)} us p99 ${percentile(kept, 0.99).toFixed(0)} us`,
  );
  const made = sample(() => createInstance(request.module, new WasiHost()), 2_000);
  const restoring = createInstance(request.module, new WasiHost());
  const restored = sample(() => restoring.restore(), 20_000);
  const rate = (times: readonly number[]) =>
    1_000_000 / (times.reduce((sum, time) => sum + time, 0) / times.length);
  console.log(
    `restoring ${rate(restored).toFixed(0)}/s, new instances ${rate(made).toFixed(0)}/s, ratio ${(rate(restored) / rate(made)).toFixed(1)}`,
  );
  // A digest that nobody has seen finds no kept instance.
  let unseen = 0;
  const whole = sample(() => {
    unseen += 1;
    return runProgram({ ...request, moduleDigest: `unseen-${unseen}` });
  }, 500);
  console.log(
    `a cast on a new instance each time ${rate(whole).toFixed(0)}/s, on a kept one ${rate(kept).toFixed(0)}/s`,
  );
}

/** Casts through the pool from the main thread, 64 under way. */
async function measurePool(request: RunRequest): Promise<void> {
  const runtime = createRuntime({ threads: 4, longThreads: 0, maxQueue: 10_000 });
  let done = 0;
  const until = performance.now() + 6_000;
  let countFrom = 0;
  let usedBefore = process.threadCpuUsage();
  const client = async (id: number): Promise<void> => {
    for (let i = 0; performance.now() < until; i += 1) {
      await runtime.run({ ...request, runId: `${id}-${i}` });
      if (performance.now() > until - 4_000) {
        if (countFrom === 0) [countFrom, usedBefore] = [performance.now(), process.threadCpuUsage()];
        done += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, id) => client(id)));
  const { user, system } = process.threadCpuUsage(usedBefore);
  console.log(
    `pool ${(done / ((performance.now() - countFrom) / 1_000)).toFixed(0)} casts/s, ${((user + system) / done).toFixed(1)} us of the main thread for each`,
  );
  await runtime.close();
}

async function measurePrepare(): Promise<void> {
  const modules = await Promise.all(KERNELS.map(buildKernel));
  const spells = await Promise.all(
    ["qr-code", "text-stats", "sha256"].map((name) =>
      readFile(new URL(`../spells/${name}/${name}.wasm`, import.meta.url)),
    ),
  );
  const all = [...modules, ...spells];
  const bytes = all.reduce((sum, { length }) => sum + length, 0);
  const times = Array.from({ length: 8 }, () =>
    timed(() => {
      for (const module of all) prepareModule(module, POLICY);
    }),
  );
  console.log(`prepare ${((median(times) / bytes) * 1_048_576).toFixed(0)} ms per MiB`);
}

const results = [];
for (const kernel of KERNELS) results.push(await measure(kernel));
const all = results.map((result) => result.all);
const withoutFloats = results.map((result) => result.withoutFloats);
console.log(`geometric mean ${geometricMean(all).toFixed(2)}`);
console.log(`worst ${Math.max(...all).toFixed(2)}`);
console.log(
  `no-float-rule mean ${geometricMean(withoutFloats).toFixed(2)} max ${Math.max(...withoutFloats).toFixed(2)}`,
);
const request = await echoRequest();
measureFresh(request);
await measurePool(request);
await measurePrepare();
