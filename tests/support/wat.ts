/** WebAssembly text to bytes, for tests that write their modules by hand. */
import wabt from "wabt";

/** The parameters of WASI preview 1's functions, written down from its witx: the tests' own copy, on purpose. */
export const WASI_TYPES = {
  args_get: "i32 i32",
  args_sizes_get: "i32 i32",
  clock_res_get: "i32 i32",
  clock_time_get: "i32 i64 i32",
  environ_get: "i32 i32",
  environ_sizes_get: "i32 i32",
  fd_advise: "i32 i64 i64 i32",
  fd_allocate: "i32 i64 i64",
  fd_close: "i32",
  fd_datasync: "i32",
  fd_fdstat_get: "i32 i32",
  fd_fdstat_set_flags: "i32 i32",
  fd_fdstat_set_rights: "i32 i64 i64",
  fd_filestat_get: "i32 i32",
  fd_filestat_set_size: "i32 i64",
  fd_filestat_set_times: "i32 i64 i64 i32",
  fd_pread: "i32 i32 i32 i64 i32",
  fd_prestat_dir_name: "i32 i32 i32",
  fd_prestat_get: "i32 i32",
  fd_pwrite: "i32 i32 i32 i64 i32",
  fd_read: "i32 i32 i32 i32",
  fd_readdir: "i32 i32 i32 i64 i32",
  fd_renumber: "i32 i32",
  fd_seek: "i32 i64 i32 i32",
  fd_sync: "i32",
  fd_tell: "i32 i32",
  fd_write: "i32 i32 i32 i32",
  path_create_directory: "i32 i32 i32",
  path_filestat_get: "i32 i32 i32 i32 i32",
  path_filestat_set_times: "i32 i32 i32 i32 i64 i64 i32",
  path_link: "i32 i32 i32 i32 i32 i32 i32",
  path_open: "i32 i32 i32 i32 i32 i64 i64 i32 i32",
  path_readlink: "i32 i32 i32 i32 i32 i32",
  path_remove_directory: "i32 i32 i32",
  path_rename: "i32 i32 i32 i32 i32 i32",
  path_symlink: "i32 i32 i32 i32 i32",
  path_unlink_file: "i32 i32 i32",
  poll_oneoff: "i32 i32 i32 i32",
  proc_exit: "i32",
  proc_raise: "i32",
  random_get: "i32 i32",
  sched_yield: "",
  sock_accept: "i32 i32 i32",
  sock_recv: "i32 i32 i32 i32 i32 i32",
  sock_send: "i32 i32 i32 i32 i32",
  sock_shutdown: "i32 i32",
} as const;

/** An import of one WASI function, by the name `$function`. */
function importOf(name: string, parameters: string): string {
  const result = name === "proc_exit" ? "" : "(result i32)";
  return `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${parameters}) ${result}))`;
}

export const WASI_IMPORTS = Object.entries(WASI_TYPES)
  .map(([name, parameters]) => importOf(name, parameters))
  .join("\n");

const tools = await wabt();

/** Everything that the assembler knows, also what a spell may not use. */
const FEATURES = {
  exceptions: true,
  extended_const: true,
  function_references: true,
  gc: true,
  memory64: true,
  multi_memory: true,
  relaxed_simd: true,
  tail_call: true,
  threads: true,
};

/** Assembles a module. @throws with wabt's words when the text is wrong */
export function assemble(text: string): Uint8Array {
  const module = tools.parseWat("test.wat", text, FEATURES);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** Where `$print` keeps its vector; programs use what lies behind it. */
export const FREE = 64;

/**
 * A WASI command with every function imported, a memory, and `body` as `_start`. `$print(from, length)` writes to
 * stdout and `$log(from, length)` to stderr.
 */
export function program(body: string, { memory = "1", fields = "" } = {}): string {
  const writer = (name: string, fd: number) => `
    (func ${name} (param $from i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $from))
      (i32.store (i32.const 4) (local.get $length))
      (drop (call $fd_write (i32.const ${fd}) (i32.const 0) (i32.const 1) (i32.const 8))))`;
  return `(module
    ${WASI_IMPORTS}
    (memory (export "memory") ${memory})
    ${writer("$print", 1)}
    ${writer("$log", 2)}
    ${fields}
    (func (export "_start") ${body}))`;
}

const ANSWERS = 60_000;

/** A program that evaluates each i32 expression in its order and prints the values. */
export function printing(expressions: readonly string[], fields = ""): string {
  const stores = expressions.map((value, i) => `(i32.store (i32.const ${ANSWERS + 4 * i}) ${value})`);
  const print = `(call $print (i32.const ${ANSWERS}) (i32.const ${4 * expressions.length}))`;
  return program(`${stores.join("\n")} ${print}`, { fields });
}

/** A call with i32 arguments. */
export const call = (name: string, ...values: readonly number[]): string =>
  `(call $${name} ${values.map((value) => `(i32.const ${value})`).join(" ")})`;

/** A number as the binary format writes it: unsigned LEB128. */
export function leb(value: number): number[] {
  const [low, rest] = [value % 128, Math.floor(value / 128)];
  return rest === 0 ? [low] : [low + 128, ...leb(rest)];
}

/** A vector of the binary format: how many items, and the items. */
export const vector = (items: readonly ArrayLike<number>[]): Buffer =>
  Buffer.concat([Buffer.from(leb(items.length)), ...items.map((item) => Uint8Array.from(item))]);

/** Bytes with their length in front. */
export const sized = (bytes: ArrayLike<number>): Buffer =>
  Buffer.concat([Buffer.from(leb(bytes.length)), Uint8Array.from(bytes)]);

export const named = (name: string): Buffer => sized(Buffer.from(name));

/** Sections by their number in the binary format. */
export type Sections = Readonly<Record<number, ArrayLike<number>>>;

const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
/** What a command exports. */
export const EXPORTS = [
  [...named("memory"), 2, 0],
  [...named("_start"), 0, 0],
];
/** `() -> ()`, one function of it, a memory of one page, both exported, and a body that does nothing. */
const COMMAND: Sections = {
  1: vector([[0x60, 0, 0]]),
  3: vector([[0]]),
  5: vector([[0, 1]]),
  7: vector(EXPORTS),
  10: vector([sized([0, 0x0b])]),
};

/** A module byte by byte, for what no text can say: the smallest command, with other sections in place of its own. */
export function binary(sections: Sections): Uint8Array {
  const all = { ...COMMAND, ...sections };
  const present = ORDER.flatMap((id) => {
    const contents = all[id];
    return contents === undefined ? [] : [Buffer.from([id]), sized(contents)];
  });
  return Buffer.concat([Buffer.from("0061736d01000000", "hex"), ...present]);
}

/** A command whose `_start` is these instructions, in bytes; `locals` are groups of [how many, ...type]. */
export const binaryCode = (
  code: ArrayLike<number>,
  locals: readonly (readonly [count: number, ...type: number[]])[] = [],
): ArrayLike<number> => {
  const groups = vector(locals.map(([count, ...type]) => [...leb(count), ...type]));
  return vector([sized(Buffer.concat([groups, Uint8Array.from(code), Buffer.from([0x0b])]))]);
};
