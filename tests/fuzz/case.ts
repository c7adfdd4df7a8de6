/** Everything that is tried with one seed. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readWat } from "../conformance/read-wat.ts";
import { checkDamaged, damaged } from "./damage.ts";
import { compareForms, type Verdict } from "./differential.ts";
import { floatProgram } from "./float-program.ts";
import { generate } from "./generate.ts";
import { Random } from "./random.ts";

/** How much to try with each seed, besides one module of binaryen's. */
export interface CaseSize {
  readonly floatPrograms: number;
  readonly damaged: number;
}

export interface CaseReport {
  readonly verdicts: readonly Verdict[];
  readonly damagedRefused: number;
  readonly damagedSound: number;
  readonly failures: readonly string[];
}

const spells = fileURLToPath(new URL("../../spells", import.meta.url));

/** The sample spells' modules. */
const commands = readdirSync(spells, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".wasm"))
  .sort()
  .map((path) => readFileSync(`${spells}/${path}`));

/** A seed's own sequences, one for each part, so that a part does not depend on how much the ones before it did. */
const PARTS = { float: 0x1000_0000, damage: 0x2000_0000 } as const;
const part = (seed: number, which: number, i: number): number =>
  (Math.imul(seed, 0x9e37_79b1) + which + i) >>> 0;

/** Tries one seed; `onStep` hears what is about to be done, for whoever has to say where it hung. */
export async function tryCase(
  seed: number,
  size: CaseSize,
  onStep: (step: string) => void,
): Promise<CaseReport> {
  const verdicts: Verdict[] = [];
  const failures: string[] = [];
  const judge = (what: string, verdict: Verdict) => {
    verdicts.push(verdict);
    if (verdict.verdict === "different") failures.push(`${what}: ${verdict.what}`);
  };

  onStep("binaryen's module");
  const generated = await generate(seed);
  const given = generated.bytes;
  judge("binaryen's module", compareForms(generated, seed));

  for (let i = 0; i < size.floatPrograms; i += 1) {
    onStep(`float program ${i}`);
    const own = part(seed, PARTS.float, i);
    const bytes = readWat(floatProgram(new Random(own)));
    judge(`float program ${i}`, compareForms({ bytes, isWithoutNans: false }, own));
  }

  let [damagedRefused, damagedSound] = [0, 0];
  for (let i = 0; i < size.damaged; i += 1) {
    onStep(`damaged module ${i}`);
    const random = new Random(part(seed, PARTS.damage, i));
    const command = commands[random.below(commands.length)] ?? given;
    const isCommand = i % 2 === 0;
    const [bytes, other] = isCommand ? [command, given] : [given, command];
    const verdict = checkDamaged(damaged(random, bytes, other), isCommand);
    if (verdict === "refused") damagedRefused += 1;
    else if (verdict === "sound") damagedSound += 1;
    else failures.push(`damaged module ${i}: ${verdict.wrong}`);
  }
  return { verdicts, damagedRefused, damagedSound, failures };
}
