/** Makes a published module ready to run: refuses what the sandbox does not allow, and caps its memory. */
import { createHash } from "node:crypto";
import { ModuleRefused } from "./types.ts";
import { isWasiName, WASI_MODULE, WASI_PARAMETERS, wasiResults } from "./wasi/signatures.ts";
import { encodeU32, readSections, SECTION, WasmReader, type Section } from "./wasm-reader.ts";

const PAGE_BYTES = 65_536;

export interface PreparePolicy {
  /** The most linear memory the module may reach, bytes; counted in whole pages, rounded down. */
  readonly memoryBytes: number;
  readonly maxModuleBytes: number;
}

export interface PreparedModule {
  readonly prepared: Uint8Array;
  /** SHA-256 in hex of the bytes given, and of the bytes that run. */
  readonly publishedDigest: string;
  readonly preparedDigest: string;
}

const VALUE_TYPES: Readonly<Record<number, string>> = { 0x7f: "i", 0x7e: "I", 0x7d: "f", 0x7c: "F" };
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The function types as `parameters:results`; types that no WASI function has are written as `?`. */
function readTypes(bytes: Uint8Array, section: Section | undefined): string[] {
  if (section === undefined) return [];
  const reader = new WasmReader(bytes, section.contents, section.end);
  const list = () => Array.from({ length: reader.u32() }, () => VALUE_TYPES[reader.byte()] ?? "?").join("");
  return Array.from({ length: reader.u32() }, () => {
    if (reader.byte() !== 0x60)
      throw new ModuleRefused("the module defines types other than functions (GC is not allowed)");
    const parameters = list();
    return `${parameters}:${list()}`;
  });
}

/** Refuses every import that is not a function of WASI preview 1 with its right type. */
function checkImports(bytes: Uint8Array, section: Section | undefined, types: readonly string[]): void {
  if (section === undefined) return;
  const reader = new WasmReader(bytes, section.contents, section.end);
  for (let left = reader.u32(); left > 0; left -= 1) {
    const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
    const label = `${module}.${name}`.slice(0, 100);
    if (kind !== 0)
      throw new ModuleRefused(`imports ${label}, which is not a function: only functions may be imported`);
    const type = types[reader.u32()];
    if (module !== WASI_MODULE || !isWasiName(name)) {
      throw new ModuleRefused(`imports ${label}, which is not part of WASI preview 1 (${WASI_MODULE})`);
    }
    if (type !== `${WASI_PARAMETERS[name]}:${wasiResults(name)}`) {
      throw new ModuleRefused(`imports ${label} with a type that WASI preview 1 does not give it`);
    }
  }
}

function checkExports(module: WebAssembly.Module): void {
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (kinds.get("_start") !== "function")
    throw new ModuleRefused("has no function _start: build it as a WASI command");
  if (kinds.get("memory") !== "memory") throw new ModuleRefused("does not export its memory as memory");
}

/** The memory section with the cap as its maximum. */
function capMemory(bytes: Uint8Array, section: Section | undefined, capPages: number): Uint8Array {
  if (section === undefined) throw new ModuleRefused("has no memory of its own");
  const reader = new WasmReader(bytes, section.contents, section.end);
  if (reader.u32() !== 1) throw new ModuleRefused("has more than one memory");
  const flags = reader.byte();
  if (flags > 1) throw new ModuleRefused("has a shared or 64-bit memory");
  const initial = reader.u32();
  const maximum = Math.min(flags === 1 ? reader.u32() : capPages, capPages);
  if (initial > capPages) {
    throw new ModuleRefused(
      `needs ${initial * PAGE_BYTES} bytes of memory at its start; its limit is ${capPages * PAGE_BYTES}`,
    );
  }
  const contents = [1, 1, ...encodeU32(initial), ...encodeU32(maximum)];
  return Uint8Array.from([SECTION.memory, ...encodeU32(contents.length), ...contents]);
}

async function compile(bytes: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(Uint8Array.from(bytes));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new ModuleRefused(
      `is not a valid WebAssembly module: ${error.message.replace(/^WebAssembly\.\w+\(\): /, "")}`,
    );
  }
}

/**
 * Checks a module against the sandbox's rules and gives the bytes that will run.
 * @throws ModuleRefused naming what is wrong, for the maker
 */
export async function prepareModule(bytes: Uint8Array, policy: PreparePolicy): Promise<PreparedModule> {
  if (bytes.length > policy.maxModuleBytes) {
    throw new ModuleRefused(
      `has ${bytes.length} bytes; the largest module may have ${policy.maxModuleBytes}`,
    );
  }
  const module = await compile(bytes);
  const sections = readSections(bytes);
  const find = (id: number) => sections.find((section) => section.id === id);
  checkImports(bytes, find(SECTION.import), readTypes(bytes, find(SECTION.type)));
  const memory = find(SECTION.memory);
  const capped = capMemory(bytes, memory, Math.floor(policy.memoryBytes / PAGE_BYTES));
  checkExports(module);
  const { start = 0, end = 0 } = memory ?? {};
  const prepared = Buffer.concat([bytes.subarray(0, start), capped, bytes.subarray(end)]);
  return { prepared, publishedDigest: digest(bytes), preparedDigest: digest(prepared) };
}
