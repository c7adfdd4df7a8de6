/** Makes a published module ready to run: deterministic, countable and stoppable, or refuses it by name. */
import { createHash } from "node:crypto";
import { ModuleRefused } from "../types.ts";
import { isWasiName, WASI_MODULE, WASI_PARAMETERS, wasiResults } from "../wasi/signatures.ts";
import { BOUNDS, NAMES, PAGE_BYTES, RESERVED_PREFIX } from "./policy.ts";
import { readModule, signatureOf, typeAt, typeOfFunction, type ModuleShape } from "./read-module.ts";
import { writeModule, type Caps } from "./write-module.ts";
import { ALL_RULES, type Rules } from "./write-function.ts";

export interface PreparePolicy {
  /** The most linear memory the module may reach, bytes; counted in whole pages, rounded down. */
  readonly memoryBytes: number;
  readonly maxModuleBytes: number;
  /** Must it be a WASI command that can be published? Tests prepare other modules too. Default true. */
  readonly mustBeCommand?: boolean;
  /** Default all. */
  readonly rules?: Rules;
}

export interface PreparedModule {
  readonly prepared: Uint8Array;
  /** SHA-256 in hex of the bytes given, and of the bytes that run. */
  readonly publishedDigest: string;
  readonly preparedDigest: string;
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Refuses every import that is not a function of WASI preview 1 with its right type. */
function checkImports(shape: ModuleShape): void {
  for (const { module, name, typeIndex } of shape.imports) {
    const label = `${module}.${name}`.slice(0, 100);
    if (module !== WASI_MODULE || !isWasiName(name)) {
      throw new ModuleRefused(`imports ${label}, which is not part of WASI preview 1 (${WASI_MODULE})`);
    }
    if (signatureOf(typeAt(shape, typeIndex)) !== `${WASI_PARAMETERS[name]}:${wasiResults(name)}`) {
      throw new ModuleRefused(`imports ${label} with a type that WASI preview 1 does not give it`);
    }
  }
}

function checkCommand(shape: ModuleShape): void {
  checkImports(shape);
  const find = (name: string) => shape.exports.find((entry) => entry.name === name);
  const start = find("_start");
  if (start?.kind !== "function")
    throw new ModuleRefused("has no function _start: build it as a WASI command");
  if (signatureOf(typeOfFunction(shape, start.index)) !== ":") {
    throw new ModuleRefused("has a function _start that takes or gives values: build it as a WASI command");
  }
  if (find("memory")?.kind !== "memory") throw new ModuleRefused("does not export its memory as memory");
}

function checkNames({ exports }: ModuleShape): void {
  const reserved = exports.find(({ name }) => name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined)
    throw new ModuleRefused(`exports ${reserved.name.slice(0, 100)}, a name that is reserved`);
}

/** Caps that hold for this module. @throws ModuleRefused when it starts beyond them */
function capsFor(shape: ModuleShape, memoryBytes: number): Caps {
  const capPages = Math.floor(memoryBytes / PAGE_BYTES);
  const { initial = 0, maximum = null } = shape.memory ?? {};
  if (initial > capPages) {
    throw new ModuleRefused(
      `needs ${initial * PAGE_BYTES} bytes of memory at its start; its limit is ${capPages * PAGE_BYTES}`,
    );
  }
  const started = shape.tables.reduce((total, table) => total + table.initial, 0);
  if (started > BOUNDS.tableEntries) {
    throw new ModuleRefused(
      `has tables of ${started} entries at its start; the limit is ${BOUNDS.tableEntries}`,
    );
  }
  const share = Math.floor((BOUNDS.tableEntries - started) / Math.max(shape.tables.length, 1));
  return {
    memoryPages: Math.min(maximum ?? capPages, capPages),
    tableEntries: shape.tables.map((table) => Math.min(table.maximum ?? Infinity, table.initial + share)),
  };
}

/** V8's view of the module. It is the judge of what is valid. */
function validate(bytes: Uint8Array<ArrayBuffer>): void {
  if (WebAssembly.validate(bytes)) return;
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    const why = error.message.replace(/^WebAssembly\.\w+\(\): /, "");
    throw new ModuleRefused(`is not a valid WebAssembly module: ${why}`);
  }
}

/**
 * Checks a module against the sandbox's rules and gives the bytes that will run, by the rules of `SCHEDULE`.
 * The exports it adds are named in `NAMES`; a run sets the fuel and calls `NAMES.run`.
 * @throws ModuleRefused naming what is wrong, for the maker
 */
export function prepareModule(given: Uint8Array, policy: PreparePolicy): PreparedModule {
  const bytes = Uint8Array.from(given);
  if (bytes.length > policy.maxModuleBytes) {
    throw new ModuleRefused(
      `has ${bytes.length} bytes; the largest module may have ${policy.maxModuleBytes}`,
    );
  }
  validate(bytes);
  const shape = readModule(bytes);
  checkNames(shape);
  if (policy.mustBeCommand ?? true) checkCommand(shape);
  const prepared = writeModule(shape, capsFor(shape, policy.memoryBytes), policy.rules ?? ALL_RULES);
  // A mistake of ours must not become a version: what runs is valid, and has what a run needs.
  if (!WebAssembly.validate(Uint8Array.from(prepared))) {
    throw new Error(`the prepared form of module ${digest(bytes)} is not valid; ${NAMES.run} cannot exist`);
  }
  return { prepared, publishedDigest: digest(bytes), preparedDigest: digest(prepared) };
}
