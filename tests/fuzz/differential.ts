/** One random module, as it is and as the sandbox would run it: everything that can be seen has to be the same. */
import { setFlagsFromString } from "node:v8";
import { CREDIT, NAMES } from "../../server/runtime/prepare/policy.ts";
import { prepareModule, type PreparePolicy } from "../../server/runtime/prepare/prepare-module.ts";
import { readModule, type ModuleShape } from "../../server/runtime/prepare/read-module.ts";
import { ModuleRefused } from "../../server/runtime/types.ts";
import { execute, type Observation } from "./execute.ts";
import type { Generated } from "./generate.ts";
import { COUNTS, makeReference } from "./reference.ts";
import { Random } from "./random.ts";
import { stir } from "./stir.ts";
import { NotTamed, tame } from "./tame.ts";

export const FUZZ_POLICY: PreparePolicy = {
  memoryBytes: 64 * 65_536,
  maxModuleBytes: 10_000_000,
  mustBeCommand: false,
};

const FUEL = 1_000_000_000_000n;

export type Verdict =
  /** `hasNans`: arithmetic gave NaNs, so the plain run was not compared, only the deterministic reference. */
  | { readonly verdict: "same"; readonly calls: number; readonly hasNans: boolean }
  | { readonly verdict: "refused"; readonly why: string }
  | { readonly verdict: "not-comparable"; readonly why: string }
  | { readonly verdict: "different"; readonly what: string };

/** A property that does not hold; the message says which. */
class Different extends Error {
  override readonly name = "Different";
}

class NotComparable extends Error {
  override readonly name = "NotComparable";
}

type Tier = "baseline" | "optimising";

/** Code that is compiled from now on, which is when it is first called, comes from this compiler. */
function compileWith(tier: Tier): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-native-module-cache");
  setFlagsFromString(tier === "baseline" ? "--liftoff" : "--no-liftoff");
}

function compare(what: string, expected: Observation, found: Observation): void {
  const at = expected.lines.findIndex((line, i) => line !== found.lines[i]);
  if (at < 0 && expected.lines.length === found.lines.length) return;
  const place = at < 0 ? expected.lines.length : at;
  const before = expected.lines.slice(0, place).findLast((line) => line.startsWith("call ")) ?? "the start";
  const [wanted = "(nothing)", given = "(nothing)"] = [expected.lines[place], found.lines[place]];
  throw new Different(`${what}: line ${place}, behind ${before}: expected ${wanted}, found ${given}`);
}

function valueOf({ exports }: Observation, name: string): bigint {
  const found = exports[name];
  if (!(found instanceof WebAssembly.Global)) throw new Different(`there is no global ${name}`);
  return found.value as bigint;
}

const hasStarted = ({ exports }: Observation): boolean => COUNTS.cost in exports;

/** Whatever a call has executed by any time has been paid since it began. */
function checkPaid(reference: Observation, prepared: Observation): void {
  let begun = 0;
  // The final state comes behind what the meter was read for.
  reference.lines.slice(0, reference.meter.length).forEach((line, i) => {
    if (line.startsWith("call ")) begun = i;
    const since = ({ meter }: Observation) => (meter[i] ?? 0n) - (meter[begun] ?? 0n);
    const [cost, paid] = [since(reference), since(prepared)];
    if (i > begun && paid < cost)
      throw new Different(`line ${i}: paid ${paid} units of fuel for instructions of ${cost}`);
  });
}

/** Runs one form of the module. */
interface Runner {
  readonly shape: ModuleShape;
  readonly seed: number;
}

function runWith(
  { shape, seed }: Runner,
  tier: Tier,
  bytes: Uint8Array<ArrayBuffer>,
  fuel?: bigint,
): Observation {
  compileWith(tier);
  const observed = execute({
    module: new WebAssembly.Module(bytes),
    shape,
    seed,
    ...(fuel === undefined ? {} : { fuel }),
  });
  if (observed.stopped === "stack") throw new NotComparable("the stack was exhausted");
  return observed;
}

/** Preparing is deterministic, and what it made is not taken for a module of a maker. */
function prepareTwice(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const [first, second] = [prepareModule(bytes, FUZZ_POLICY), prepareModule(bytes, FUZZ_POLICY)];
  if (Buffer.compare(first.prepared, second.prepared) !== 0)
    throw new Different("two preparations gave different bytes");
  try {
    prepareModule(first.prepared, FUZZ_POLICY);
  } catch (error) {
    if (error instanceof ModuleRefused && error.message.includes("a name that is reserved"))
      return Uint8Array.from(first.prepared);
    throw error;
  }
  throw new Different("a prepared module was prepared again");
}

/** Each trap may report some more than was used, and how much depends on the fuel that was left. */
const slackOf = ({ lines }: Observation): bigint =>
  BigInt(CREDIT) * BigInt(lines.filter((line) => line.startsWith("trap: ")).length);

/** With exactly the fuel it used a program does the same, and with one unit less it is stopped; up to the slack. */
function checkFuel(
  runner: Runner,
  prepared: Uint8Array<ArrayBuffer>,
  first: Observation,
  used: bigint,
): void {
  const slack = slackOf(first);
  const exact = runWith(runner, "baseline", prepared, used + slack);
  if (exact.stopped !== null)
    throw new Different(`with its own ${used} units of fuel it is ${exact.stopped}`);
  compare("with exactly its fuel", first, exact);
  if (valueOf(exact, NAMES.fuel) > 2n * slack) throw new Different("the same run used less fuel");
  const less = used - slack - 1n;
  const short = less < 0n ? null : runWith(runner, "baseline", prepared, less);
  if (short !== null && short.stopped !== "out of fuel")
    throw new Different(`with one of ${used} units of fuel missing it went on`);
}

function judge(runner: Runner, { isWithoutNans }: Generated): Verdict {
  const { shape } = runner;
  const prepared = prepareTwice(shape.bytes);
  const reference = runWith(runner, "optimising", makeReference(shape));
  const first = runWith(runner, "baseline", prepared, FUEL);
  if (first.stopped !== null) throw new NotComparable("it used all of its fuel");
  compare("prepared", reference, first);
  if (!hasStarted(reference)) return { verdict: "same", calls: 0, hasNans: false };
  const second = runWith(runner, "optimising", prepared, FUEL);
  compare("prepared, optimised", first, second);

  const [used, usedAgain] = [FUEL - valueOf(first, NAMES.fuel), FUEL - valueOf(second, NAMES.fuel)];
  if (used !== usedAgain) throw new Different(`one run used ${used} units of fuel, another ${usedAgain}`);
  checkPaid(reference, first);
  checkFuel(runner, prepared, first, used);

  const hasNans = !isWithoutNans && valueOf(reference, COUNTS.nans) > 0n;
  if (!hasNans) compare("as it is", runWith(runner, "baseline", Uint8Array.from(shape.bytes)), first);
  const calls = first.lines.filter((line) => line.startsWith("call ")).length;
  return { verdict: "same", calls, hasNans };
}

/** Fits, prepares, runs and compares one generated module; arguments come from the seed. */
export function compareForms(generated: Generated, seed: number): Verdict {
  try {
    const tamed = tame(generated.bytes);
    const random = new Random(seed);
    const isStirred = !generated.isWithoutNans && random.oneIn(2);
    const shape = readModule(isStirred ? stir(tamed, random) : tamed);
    return judge({ shape, seed }, generated);
  } catch (error) {
    if (error instanceof ModuleRefused || error instanceof NotTamed)
      return { verdict: "refused", why: error.message };
    if (error instanceof NotComparable) return { verdict: "not-comparable", why: error.message };
    if (error instanceof Different) return { verdict: "different", what: error.message };
    return {
      verdict: "different",
      what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
