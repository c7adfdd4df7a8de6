/** Modules with damaged bytes: preparation refuses them or makes something sound of them, and never fails otherwise. */
import { NAMES } from "../../server/runtime/prepare/policy.ts";
import { prepareModule, type PreparePolicy } from "../../server/runtime/prepare/prepare-module.ts";
import { runProgram } from "../../server/runtime/run-program.ts";
import { ModuleRefused, type RunResult } from "../../server/runtime/types.ts";
import { FUZZ_POLICY } from "./differential.ts";
import type { Random } from "./random.ts";

/** What may be found in the place of a byte: ends of numbers, types, opcodes and prefixes. */
const LIKELY = [
  0x00, 0x01, 0x7f, 0x80, 0xff, 0x0b, 0x40, 0x60, 0x70, 0x7b, 0x69, 0xfc, 0xfd, 0x10, 0x03,
] as const;

type Change = (bytes: Buffer, random: Random, other: Uint8Array) => Buffer;

const at = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1);
/** Mostly short. */
const some = (random: Random): number => 1 + random.below(random.oneIn(4) ? 200 : 4);

const setByte =
  (value: (before: number, random: Random) => number): Change =>
  (bytes, random) => {
    const place = random.below(Math.max(bytes.length, 1));
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[place] = value(changed[place] ?? 0, random) & 0xff;
    return changed;
  };

const flip = setByte((before, random) => before ^ (1 << random.below(8)));
const replace = setByte((_before, random) => (random.oneIn(2) ? random.pick(LIKELY) : random.u32()));
const nudge = setByte((before, random) => before + (random.oneIn(2) ? 1 : -1));

const insert: Change = (bytes, random) => {
  const place = at(bytes, random);
  const added = Uint8Array.from({ length: some(random) }, () => random.pick(LIKELY));
  return Buffer.concat([bytes.subarray(0, place), added, bytes.subarray(place)]);
};
const remove: Change = (bytes, random) => {
  const place = at(bytes, random);
  return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + some(random))]);
};
const truncate: Change = (bytes, random) => bytes.subarray(0, at(bytes, random));
const repeat: Change = (bytes, random) => {
  const [place, length] = [at(bytes, random), some(random)];
  return Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]);
};
const splice: Change = (bytes, random, other) => {
  const [place, from, length] = [at(bytes, random), random.below(other.length), some(random)];
  return Buffer.concat([
    bytes.subarray(0, place),
    other.subarray(from, from + length),
    bytes.subarray(place + length),
  ]);
};

/** Changes that keep the length leave more modules valid, so they are more frequent. */
const CHANGES = [
  flip,
  flip,
  flip,
  replace,
  replace,
  nudge,
  nudge,
  insert,
  remove,
  truncate,
  repeat,
  splice,
] as const;

/** One to four changes of a module; `other` is one whose bytes get mixed in. */
export function damaged(random: Random, bytes: Uint8Array, other: Uint8Array): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  const times = random.oneIn(2) ? 1 : 1 + random.below(4);
  for (let i = 0; i < times; i += 1) changed = random.pick(CHANGES)(changed, random, other);
  return changed;
}

/** What came of a damaged module; a text says what was wrong. */
export type DamageVerdict = "refused" | "sound" | { readonly wrong: string };

class Unsound extends Error {
  override readonly name = "Unsound";
}

const COMMAND_POLICY: PreparePolicy = { memoryBytes: 4 * 1_048_576, maxModuleBytes: 1_048_576 };
const FUEL = 300_000;

/** It has fuel and can be run, and an instance is made of it without running any of its code. */
function checkInstance(module: WebAssembly.Module): void {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new Unsound(`it imports a ${kind}`);
    (imports[from] ??= {})[name] = () => {
      throw new Unsound("an import was called before the program ran");
    };
  }
  let exports: WebAssembly.Exports;
  try {
    ({ exports } = new WebAssembly.Instance(module, imports));
  } catch (error) {
    // A segment that does not fit.
    if (error instanceof WebAssembly.RuntimeError) return;
    throw error;
  }
  const { [NAMES.fuel]: fuel, [NAMES.run]: run } = exports;
  if (!(fuel instanceof WebAssembly.Global) || fuel.value !== 0n) throw new Unsound("it has no fuel");
  if (typeof run !== "function") throw new Unsound("it cannot be run");
}

/** Runs a command as a cast would. */
function runCommand(module: WebAssembly.Module, moduleDigest: string): Partial<RunResult> {
  const { durationMs: _durationMs, ...result } = runProgram({
    runId: "damaged",
    module,
    moduleDigest,
    input: Buffer.from('{"text":"damage"}'),
    args: ["damaged"],
    env: { NAME: "value" },
    clockMicros: 1_700_000_000_000_000,
    seed: new Uint8Array(32),
    limits: {
      fuel: FUEL,
      memoryBytes: COMMAND_POLICY.memoryBytes,
      wallMs: 0,
      outputBytes: 65_536,
      logBytes: 1_000,
    },
    outputContentType: "application/octet-stream",
  });
  return result;
}

/** The second run gets the first one's instance, restored: nothing may be left in it. */
function checkRuns(module: WebAssembly.Module, digest: string): void {
  const [first, second] = [runCommand(module, digest), runCommand(module, digest)];
  // How deep a stack goes depends on how much of the code is compiled by then.
  if (first.ending === "stack-exhausted" || second.ending === "stack-exhausted") return;
  const [a, b] = [JSON.stringify(first), JSON.stringify(second)];
  if (a !== b) throw new Unsound(`two runs differ: ${a.slice(0, 300)} and ${b.slice(0, 300)}`);
}

/** Prepares a damaged module; a command that still is one is run twice. */
export function checkDamaged(bytes: Uint8Array, isCommand: boolean): DamageVerdict {
  try {
    const { prepared, preparedDigest } = prepareModule(bytes, isCommand ? COMMAND_POLICY : FUZZ_POLICY);
    const module = new WebAssembly.Module(Uint8Array.from(prepared));
    checkInstance(module);
    if (isCommand) checkRuns(module, preparedDigest);
    return "sound";
  } catch (error) {
    if (error instanceof ModuleRefused) return "refused";
    return { wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
