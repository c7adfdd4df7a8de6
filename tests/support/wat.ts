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

/** Assembles a module. @throws with wabt's words when the text is wrong */
export function assemble(text: string): Uint8Array {
  const module = tools.parseWat("test.wat", text, { exceptions: true, threads: true, memory64: true });
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
