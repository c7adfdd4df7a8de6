/** Runs one script of the official suite twice: as it is, and with every module prepared. */
import { prepareModule } from "../../server/runtime/prepare/prepare-module.ts";
import { ModuleRefused } from "../../server/runtime/types.ts";
import { UnreadableText } from "./read-wat.ts";
import { headOf, listsIn, readScript, type List } from "./s-expressions.ts";
import { readExpected, type Bits } from "./values.ts";
import {
  act,
  allRead,
  bytesOf,
  createWorld,
  define,
  Excluded,
  ModuleMissing,
  register,
  type World,
} from "./world.ts";

/** How one command of a script went. */
export type Verdict =
  | { readonly verdict: "same" }
  /** Prepared, it does otherwise than the suite wants, while unprepared it does as the suite wants. */
  | { readonly verdict: "different"; readonly what: string }
  /** The allow-list or a bound excludes its module, or it rests on one that is excluded. */
  | { readonly verdict: "excluded"; readonly why: string }
  /** The assembler does not read it, or the engine does not do it unprepared either: nothing can be said. */
  | { readonly verdict: "not-comparable"; readonly why: string };

const POLICY = { memoryBytes: 4 * 1_073_741_824, maxModuleBytes: 100_000_000, mustBeCommand: false };

/** What a command did in one world. */
interface Done {
  /** What is not as the suite wants it, or null. */
  readonly wrong: string | null;
  /** The engine's words for how it failed where it should; both worlds must fail in the same way. */
  readonly failure: string;
}

const RIGHT: Done = { wrong: null, failure: "" };

const shown = (bits: Bits | undefined): string => {
  if (typeof bits === "number" || typeof bits === "bigint") return bits.toString(16);
  return Array.isArray(bits) ? bits.join(":") : typeof bits;
};

function assertReturn(world: World, action: List, expectations: readonly List[]): Done {
  const expected = allRead(expectations.map(readExpected));
  const results = act(world, action, expected);
  if (results.length !== expected.length)
    return { ...RIGHT, wrong: `gives ${results.length} results, not ${expected.length}` };
  const wrong = expected.findIndex(({ matches }, i) => !matches(results[i] ?? null));
  return wrong < 0 ? RIGHT : { ...RIGHT, wrong: `gives ${shown(results[wrong])} as result ${wrong}` };
}

/** What an error is, in the words of the command that expects it. */
function failureKind(error: unknown): string {
  if (error instanceof WebAssembly.RuntimeError) return "assert_trap";
  if (error instanceof WebAssembly.Exception) return "assert_exception";
  return error instanceof RangeError && /call stack/.test(error.message) ? "assert_exhaustion" : "none";
}

function assertFailure(world: World, source: string, head: string, action: List): Done {
  try {
    if (headOf(action) === "module") define(world, source, action);
    else act(world, action, []);
  } catch (error) {
    if (isNotAboutTheProgram(error)) throw error;
    const isExpected = failureKind(error) === head;
    return { wrong: isExpected ? null : `ended as ${String(error)}`, failure: messageOf(error) };
  }
  return { ...RIGHT, wrong: "did not fail" };
}

const isNotAboutTheProgram = (error: unknown): boolean =>
  error instanceof Excluded || error instanceof ModuleMissing || error instanceof UnreadableText;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "");

/** Does a command in one world. */
function perform(world: World, source: string, list: List): Done {
  const head = headOf(list);
  const [first, ...more] = listsIn(list);
  switch (head) {
    case "module":
      define(world, source, list);
      return RIGHT;
    case "register":
      register(world, list);
      return RIGHT;
    case "invoke":
    case "get":
      act(world, list, []);
      return RIGHT;
    case "assert_return":
      return first === undefined ? { ...RIGHT, wrong: "has no action" } : assertReturn(world, first, more);
    case "assert_trap":
    case "assert_exhaustion":
    case "assert_exception":
      return first === undefined
        ? { ...RIGHT, wrong: "has no action" }
        : assertFailure(world, source, head, first);
    default:
      throw new UnreadableText(`the command ${head}`);
  }
}

/** A module that must not be taken: whatever does not validate has to be refused, and in no other way. */
function assertRefused(source: string, list: List, kind: string): Verdict {
  const [module] = listsIn(list);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    if (module === undefined) throw new UnreadableText("no module");
    bytes = bytesOf(source, module);
  } catch (error) {
    // The assembler refuses it already: that is what the suite asks of whoever reads text.
    if (error instanceof UnreadableText)
      return { verdict: "not-comparable", why: "refused by the assembler" };
    throw error;
  }
  if (WebAssembly.validate(bytes))
    return { verdict: "not-comparable", why: `the engine takes it, though ${kind}` };
  try {
    prepareModule(bytes, POLICY);
    return { verdict: "different", what: "was prepared" };
  } catch (error) {
    if (error instanceof ModuleRefused) return { verdict: "same" };
    return { verdict: "different", what: String(error) };
  }
}

type Attempt = { readonly done: Done } | { readonly error: unknown };

function attempt(world: World, source: string, list: List): Attempt {
  try {
    return { done: perform(world, source, list) };
  } catch (error) {
    return { error };
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 120);

/** Why nothing can be said from how a command went; null when something can. */
function obstacle(plain: Attempt, prepared: Attempt): Verdict | null {
  if ("error" in plain && plain.error instanceof ModuleMissing)
    return { verdict: "not-comparable", why: "its module was not read" };
  if ("error" in plain && plain.error instanceof WebAssembly.CompileError)
    return { verdict: "not-comparable", why: reasonOf(plain.error) };
  if ("error" in prepared && prepared.error instanceof Excluded)
    return { verdict: "excluded", why: prepared.error.message };
  if ("error" in prepared && prepared.error instanceof ModuleMissing)
    return { verdict: "excluded", why: "its module is excluded" };
  if ("error" in plain) return { verdict: "not-comparable", why: reasonOf(plain.error) };
  if (plain.done.wrong !== null)
    return { verdict: "not-comparable", why: `unprepared it ${plain.done.wrong}` };
  return null;
}

function judge(plain: World, prepared: World, source: string, list: List): Verdict {
  const head = headOf(list);
  if (head === "assert_invalid" || head === "assert_malformed" || head.endsWith("_custom"))
    return assertRefused(source, list, head);
  if (head === "assert_unlinkable") return { verdict: "not-comparable", why: "linking is not ours" };
  const [a, b] = [attempt(plain, source, list), attempt(prepared, source, list)];
  const hindered = obstacle(a, b);
  if (hindered !== null) return hindered;
  if ("error" in b) return { verdict: "different", what: reasonOf(b.error) };
  if (b.done.wrong !== null) return { verdict: "different", what: b.done.wrong };
  if ("done" in a && a.done.failure !== b.done.failure)
    return { verdict: "different", what: `failed with ${b.done.failure}, not ${a.done.failure}` };
  return { verdict: "same" };
}

/** An excluded module that imports a table or a memory changes it for others, in the unprepared world only. */
const isSharing = (verdict: Verdict): boolean =>
  verdict.verdict === "excluded" && /^imports the (table|memory) /.test(verdict.why);

export interface CommandResult {
  readonly line: number;
  readonly head: string;
  readonly verdict: Verdict;
}

/** Runs a whole script. Registering a module proves nothing by itself, so it is done and not counted. */
export function runScript(source: string): CommandResult[] {
  const plain = createWorld((bytes) => bytes);
  const prepared = createWorld((bytes) => prepareModule(bytes, POLICY).prepared);
  let hasDiverged = false;
  const results = readScript(source).map((list) => {
    const judged = judge(plain, prepared, source, list);
    hasDiverged ||= isSharing(judged);
    const isConsequence = hasDiverged && judged.verdict === "different";
    const verdict: Verdict = isConsequence
      ? { verdict: "excluded", why: "an excluded module shares its table or memory" }
      : judged;
    return { line: source.slice(0, list.start).split("\n").length, head: headOf(list), verdict };
  });
  return results.filter(({ head }) => head !== "register");
}
