/**
 * Where NaNs have to be made canonical, so that the same program gives the same bits on every machine and in every
 * tier of the compiler. What shows is the same as if every arithmetic result were made canonical at once.
 *
 * Arithmetic may give a NaN any payload and sign. Nobody can tell while the value is only used by more arithmetic and
 * by comparisons; its bits show when it is stored, reinterpreted, negated, passed, returned or put into a global. Loads,
 * constants, moves, neg, abs and copysign keep bits and stay untouched: programs that box values in NaNs rely on it.
 *
 * A value is followed from where it is pushed on the operand stack, and through locals. A `loose` one may be such a NaN;
 * where its bits show, it is made canonical right behind the operation that pushed it. A `kept` one may be a NaN whose
 * bits mean something. Where the two could become one (a local that gets both, a select between them) the loose one is
 * made canonical before. What a local gets anywhere in its function is found by repeating the pass until nothing changes.
 */
import { ModuleRefused } from "../types.ts";
import type { Instruction } from "./instruction.ts";
import type { FunctionBody, Operation } from "./read-function.ts";
import { typeAt, typeOfFunction, type ModuleShape } from "./read-module.ts";
import { letters, type BlockType, type FunctionType, type TypeLetter } from "./value-types.ts";

/** What to make canonical behind the operation with this number: `f`, `F`, or a vector of such floats. */
export type FloatPlan = ReadonlyMap<number, CanonicalForm>;
export type CanonicalForm = "f" | "F" | "v32" | "v64";

/** A value on the operand stack. */
interface Value {
  readonly letter: TypeLetter;
  /** The operation that pushed it; -1 for what control structure put there, which is canonical. */
  readonly pushedBy: number;
  /** Widths of the floats that arithmetic may have left in it; empty: its bits are the same everywhere. */
  readonly loose: LooseFloats;
  /** May it be a NaN whose bits have to stay? Never together with loose ones. */
  readonly isKept: boolean;
}

/** What a local gets, anywhere in its function. */
interface LocalUse {
  loose: LooseFloats;
  isKept: boolean;
}

/** A set of widths as bits: 32 and 64 are distinct bits already. */
type LooseFloats = number;
const FIRM: LooseFloats = 0;

interface Frame {
  readonly opcode: string;
  readonly type: FunctionType;
  readonly height: number;
  isUnreachable: boolean;
}

const BOTH_WIDTHS: LooseFloats = 32 | 64;
const UNKNOWN: Value = { letter: "i", pushedBy: -1, loose: FIRM, isKept: false };

/** One pass over a function with what is known of its locals. */
class Pass {
  readonly canonical = new Map<number, CanonicalForm>();
  hasLearned = false;
  readonly #shape: ModuleShape;
  readonly #localTypes: string;
  /** What each local may hold; grows while passes are repeated. */
  readonly #locals: readonly LocalUse[];
  readonly #stack: Value[] = [];
  readonly #frames: Frame[] = [];

  constructor(shape: ModuleShape, type: FunctionType, localTypes: string, locals: readonly LocalUse[]) {
    this.#shape = shape;
    this.#localTypes = localTypes;
    this.#locals = locals;
    this.#frames.push({
      opcode: "function",
      type: { parameters: [], results: type.results },
      height: 0,
      isUnreachable: false,
    });
  }

  get #frame(): Frame {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) throw new ModuleRefused("has code behind the end of a function");
    return frame;
  }

  #pop(): Value {
    const { height, isUnreachable } = this.#frame;
    if (this.#stack.length > height) return this.#stack.pop() ?? UNKNOWN;
    if (isUnreachable) return UNKNOWN;
    throw new ModuleRefused("takes more operands than there are");
  }

  /** Unless something is known of it, a value's bits are to be kept. */
  #push(letter: TypeLetter, pushedBy: number, loose: LooseFloats = FIRM, isKept = loose === FIRM): void {
    this.#stack.push({ letter, pushedBy, loose, isKept });
  }

  #pushAll(types: string, pushedBy: number): void {
    for (const letter of types) this.#push(letter as TypeLetter, pushedBy);
  }

  /** The bits of this value show here. */
  #show({ letter, pushedBy, loose }: Value): void {
    if (loose === FIRM || pushedBy < 0) return;
    if (letter === "f" || letter === "F") this.canonical.set(pushedBy, letter);
    // A vector with both widths has been arithmetic of one taken as the other, which shows it at once: one is left.
    else if (letter === "v") this.canonical.set(pushedBy, loose === 64 ? "v64" : "v32");
  }

  #popShown(count: number): void {
    for (let i = 0; i < count; i += 1) this.#show(this.#pop());
  }

  /** Values that stay on the stack and go to a label as well. */
  #showTop(count: number): void {
    for (const value of this.#stack.slice(Math.max(this.#stack.length - count, this.#frame.height)))
      this.#show(value);
  }

  #blockType(type: BlockType | null): FunctionType {
    if (type === null) return { parameters: [], results: [] };
    if ("typeIndex" in type) return typeAt(this.#shape, type.typeIndex);
    return { parameters: [], results: type.result === null ? [] : [type.result] };
  }

  #enter(opcode: string, type: FunctionType): void {
    this.#popShown(type.parameters.length);
    this.#frames.push({ opcode, type, height: this.#stack.length, isUnreachable: false });
    this.#pushAll(letters(type.parameters), -1);
  }

  /** The end of an arm: its results leave, and the next arm of the same construct begins. */
  #nextArm(opcode: string, given: string): void {
    const frame = this.#frame;
    this.#popShown(frame.type.results.length);
    this.#frames.pop();
    this.#stack.length = frame.height;
    this.#frames.push({ ...frame, opcode, isUnreachable: false });
    this.#pushAll(given, -1);
  }

  #end(): void {
    const frame = this.#frame;
    this.#popShown(frame.type.results.length);
    this.#frames.pop();
    this.#stack.length = frame.height;
    this.#pushAll(letters(frame.type.results), -1);
  }

  #diverge(): void {
    this.#stack.length = this.#frame.height;
    this.#frame.isUnreachable = true;
  }

  /** How many values a label takes. */
  #arity(depth: number): number {
    const frame = this.#frames[this.#frames.length - 1 - depth];
    if (frame === undefined) throw new ModuleRefused("branches to a label that is not there");
    return (frame.opcode === "loop" ? frame.type.parameters : frame.type.results).length;
  }

  #tagParameters(tag: number): string {
    return letters(typeAt(this.#shape, this.#shape.tags[tag]).parameters);
  }

  #call(type: FunctionType, i: number): void {
    this.#popShown(type.parameters.length);
    this.#pushAll(letters(type.results), i);
  }

  /** May loose values be in this local, so that what it gives may be loose? */
  #isLoose({ loose, isKept }: LocalUse): boolean {
    // A vector that may hold floats of either width: nobody could say later how to make it canonical.
    return loose !== FIRM && loose !== BOTH_WIDTHS && !isKept;
  }

  #assign(index: number, value: Value): void {
    const local = this.#locals[index];
    if (local === undefined) return;
    const [loose, isKept] = [local.loose | value.loose, local.isKept || value.isKept];
    if (loose !== local.loose || isKept !== local.isKept) {
      local.loose = loose;
      local.isKept = isKept;
      this.hasLearned = true;
    }
    if (!this.#isLoose(local)) this.#show(value);
  }

  #getLocal(index: number, i: number): void {
    const letter = this.#localTypes.charAt(index) as TypeLetter;
    const local = this.#locals[index] ?? { loose: FIRM, isKept: true };
    if (this.#isLoose(local)) this.#push(letter, i, local.loose);
    else this.#push(letter, i, FIRM, local.isKept || local.loose !== FIRM);
  }

  /** One value that is any of several, or holds them: loose when all may be, else the loose ones are made canonical. */
  #merge(values: readonly Value[]): { loose: LooseFloats; isKept: boolean } {
    const loose = values.reduce((all, value) => all | value.loose, FIRM);
    const isKept = values.some((value) => value.isKept);
    if (loose === FIRM || (!isKept && loose !== BOTH_WIDTHS)) return { loose, isKept };
    for (const value of values) this.#show(value);
    return { loose: FIRM, isKept: true };
  }

  #select(i: number): void {
    this.#pop();
    const [second, first] = [this.#pop(), this.#pop()];
    const { loose, isKept } = this.#merge([first, second]);
    this.#push(first === UNKNOWN ? second.letter : first.letter, i, loose, isKept);
  }

  /** Control, calls and variables; false for what is in the table with a signature of its own. */
  #special({ instruction, index, labels, blockType }: Operation, i: number): boolean {
    switch (instruction.name) {
      case "block":
      case "loop":
      case "try":
      case "try_table":
        this.#enter(instruction.name, this.#blockType(blockType));
        return true;
      case "if":
        this.#pop();
        this.#enter("if", this.#blockType(blockType));
        return true;
      case "else":
        this.#nextArm("else", letters(this.#frame.type.parameters));
        return true;
      case "catch":
        this.#nextArm("catch", this.#tagParameters(index));
        return true;
      case "catch_all":
        this.#nextArm("catch_all", "");
        return true;
      case "end":
      case "delegate":
        this.#end();
        return true;
      case "br":
        this.#popShown(this.#arity(index));
        this.#diverge();
        return true;
      case "br_if":
        this.#pop();
        this.#showTop(this.#arity(index));
        return true;
      case "br_table":
        this.#pop();
        this.#showTop(this.#arity(labels.at(-1) ?? 0));
        this.#diverge();
        return true;
      case "return":
        this.#popShown(this.#frames[0]?.type.results.length ?? 0);
        this.#diverge();
        return true;
      case "unreachable":
      case "rethrow":
      case "throw_ref":
        this.#diverge();
        return true;
      case "throw":
        this.#popShown(this.#tagParameters(index).length);
        this.#diverge();
        return true;
      case "call":
        this.#call(typeOfFunction(this.#shape, index), i);
        return true;
      case "call_indirect":
        this.#pop();
        this.#call(typeAt(this.#shape, index), i);
        return true;
      case "return_call":
        this.#call(typeOfFunction(this.#shape, index), i);
        this.#diverge();
        return true;
      case "return_call_indirect":
        this.#pop();
        this.#call(typeAt(this.#shape, index), i);
        this.#diverge();
        return true;
      case "drop":
        this.#pop();
        return true;
      case "select":
        this.#select(i);
        return true;
      case "local.get":
        this.#getLocal(index, i);
        return true;
      case "local.set":
        this.#assign(index, this.#pop());
        return true;
      case "local.tee": {
        const value = this.#pop();
        this.#assign(index, value);
        if (this.canonical.has(value.pushedBy)) this.#push(value.letter, i, FIRM, true);
        else this.#push(value.letter, i, value.loose, value.isKept);
        return true;
      }
      case "global.get":
        this.#push(this.#shape.globals[index]?.type.letter ?? "i", i);
        return true;
      case "global.set":
        this.#popShown(1);
        return true;
      default:
        return false;
    }
  }

  /** Takes the operands; gives those whose bits do not show here. */
  #popOperands({ operands, floatUse, lane }: Instruction): Value[] {
    const quiet: Value[] = [];
    for (let left = operands?.length ?? 0; left > 0; left -= 1) {
      const value = this.#pop();
      // Vectors of one width that are taken as floats of the other show their bits.
      const isTakenAsItIs = value.letter !== "v" || (value.loose & ~lane) === 0;
      if (floatUse !== "other" && isTakenAsItIs) quiet.push(value);
      else {
        this.#show(value);
        quiet.push({ ...value, loose: FIRM, isKept: true });
      }
    }
    return quiet;
  }

  /** A constant is kept as it is; one that is no NaN looks the same to whatever comes. */
  #isNan({ instruction, end }: Operation): boolean {
    const { bytes } = this.#shape;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (instruction.name === "f32.const") return Number.isNaN(view.getFloat32(end - 4, true));
    return instruction.name === "f64.const" ? Number.isNaN(view.getFloat64(end - 8, true)) : true;
  }

  step(operation: Operation, i: number): void {
    if (this.#special(operation, i)) return;
    const { instruction } = operation;
    const given = this.#popOperands(instruction);
    const [letter] = instruction.results;
    if (letter === undefined) return;
    const result = letter as TypeLetter;
    const isFloat = result === "f" || result === "F" || result === "v";
    if (!isFloat) this.#push(result, i);
    else if (instruction.floatUse === "arithmetic") this.#push(result, i, instruction.resultLane);
    else if (instruction.floatUse === "number") this.#push(result, i, FIRM, false);
    else if (instruction.floatUse === "move") {
      const floats = given.filter(
        (value) => value.letter === "f" || value.letter === "F" || value.letter === "v",
      );
      const { loose, isKept } = this.#merge(floats);
      this.#push(result, i, loose, isKept);
    } else this.#push(result, i, FIRM, this.#isNan(operation));
  }
}

/** Few are needed: each repeats only when a local was found to hold more than the pass before knew. */
const MOST_PASSES = 8;

/** Of every function it is true that any float local may get both kinds; to assume it is dear. */
const anything = (localTypes: string): LocalUse[] =>
  Array.from(localTypes, () => ({ loose: BOTH_WIDTHS, isKept: true }));

/** Parameters come with bits that are to be kept; other locals begin as zeros. */
const beginning = (localTypes: string, parameters: number): LocalUse[] =>
  Array.from(localTypes, (_letter, i) => ({ loose: FIRM, isKept: i < parameters }));

/**
 * Plans what to make canonical in one function of a module.
 * @throws ModuleRefused where the code does not fit its types, which V8 would have found before
 */
export function planFloats(shape: ModuleShape, type: FunctionType, body: FunctionBody): FloatPlan {
  const localTypes = letters(type.parameters) + letters(body.locals);
  if (!body.operations.some(({ instruction }) => instruction.floatUse === "arithmetic")) return new Map();
  let locals = beginning(localTypes, type.parameters.length);
  for (let passes = 1; ; passes += 1) {
    const pass = new Pass(shape, type, localTypes, locals);
    body.operations.forEach((operation, i) => pass.step(operation, i));
    if (!pass.hasLearned) return pass.canonical;
    if (passes === MOST_PASSES) locals = anything(localTypes);
  }
}
