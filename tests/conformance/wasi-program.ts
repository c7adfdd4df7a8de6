/** Runs a WASI command of the official suite in the sandbox, with directories that can be read. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInstance } from "../../server/runtime/instance.ts";
import { prepareModule } from "../../server/runtime/prepare/prepare-module.ts";
import { runProgram } from "../../server/runtime/run-program.ts";
import type { RunRequest } from "../../server/runtime/types.ts";
import { DIRECTORY_RIGHTS, FILE_RIGHTS, RIGHT } from "../../server/runtime/wasi/descriptors.ts";
import { ERRNO } from "../../server/runtime/wasi/errno.ts";
import { buildTree, type DirectoryNode, type PackagedFile } from "../../server/runtime/wasi/files.ts";
import { WasiHost } from "../../server/runtime/wasi/host.ts";
import { Streams } from "../../server/runtime/wasi/streams.ts";
import { OutsidePolicy, type WasiConfig } from "./wasi-config.ts";

export interface Ended {
  /** The exit code, or how else it ended. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** The first change of a directory that it asked for and did not get. */
  readonly refusedChange: string | null;
}

const LIMITS = {
  fuel: 100_000_000_000,
  memoryBytes: 256 * 1_048_576,
  wallMs: 0,
  outputBytes: 1_048_576,
  logBytes: 65_536,
};

const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function packaged(folder: string): PackagedFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path: `resources/${path}`, bytes: readFileSync(join(folder, path)) }));
}

/** Functions that can only change a directory, and the flags of `path_open` that ask for a change. */
const CHANGES =
  /^path_(create_directory|filestat_set_times|link|remove_directory|rename|symlink|unlink_file)$/;
const OFLAGS_CREATE_OR_TRUNCATE = 0b1001;

function asksForChange(name: string, given: readonly unknown[]): boolean {
  if (name !== "path_open") return CHANGES.test(name);
  const [oflags, rights] = [Number(given[4]), BigInt.asUintN(64, given[5] as bigint)];
  return (oflags & OFLAGS_CREATE_OR_TRUNCATE) !== 0 || (rights & RIGHT.fdWrite) !== 0n;
}

/** A host that notes the first change it refuses. */
function watchedHost(note: (name: string) => void): WasiHost {
  const host = new WasiHost();
  const refusals: readonly number[] = [ERRNO.rofs, ERRNO.notcapable, ERRNO.isdir];
  const imports = Object.entries(host.imports).map(([name, act]) => {
    const watched = (...given: never[]): number => {
      const errno = act(...given);
      if (refusals.includes(errno) && asksForChange(name, given)) note(name);
      return errno;
    };
    return [name, watched] as const;
  });
  return Object.assign(host, { imports: Object.fromEntries(imports) as WasiHost["imports"] });
}

const preopened = (node: DirectoryNode, name: string) =>
  ({
    kind: "directory",
    node,
    preopenedAs: name,
    rights: DIRECTORY_RIGHTS,
    inheriting: DIRECTORY_RIGHTS | FILE_RIGHTS,
    flags: 0,
  }) as const;

/** The sandbox's own instance and host, with the suite's directories in the place of packaged files. */
function runWithDirectories(request: RunRequest, config: WasiConfig, folder: string): Ended {
  let refusedChange: string | null = null;
  const host = watchedHost((name) => (refusedChange ??= name));
  const instance = createInstance(request.module, host);
  const streams = new Streams(request.input, LIMITS);
  host.begin({ ...request, streams, resources: null, fuelLimit: LIMITS.fuel });
  for (const { path, name } of config.directories) {
    const tree = buildTree(packaged(join(folder, path)));
    if (tree === null) throw new OutsidePolicy(`the empty directory ${path}`);
    host.run.fds.open(preopened(tree, name));
  }
  let exit: Ended["exit"] = 0;
  try {
    instance.run();
  } catch (error) {
    exit = error instanceof Error ? error.message : String(error);
  }
  const { ending } = host.run;
  if (ending !== null) exit = ending.kind === "exit" ? ending.code : ending.kind;
  return { exit, stdout: asText(streams.output), stderr: asText(streams.log), refusedChange };
}

/** As a cast runs it. */
function runAsCast(request: RunRequest): Ended {
  const result = runProgram(request);
  const exit = result.ending === "exited" ? result.exitCode : result.ending === "completed" ? 0 : null;
  return {
    exit: exit ?? (result.ending === "trapped" ? result.trap : result.ending),
    stdout: result.ending === "completed" ? asText(result.output) : "",
    stderr: asText(result.log),
    refusedChange: null,
  };
}

/** @throws ModuleRefused, or OutsidePolicy */
export function runWasiProgram(name: string, module: Uint8Array, config: WasiConfig, folder: string): Ended {
  const { prepared, preparedDigest } = prepareModule(module, {
    memoryBytes: LIMITS.memoryBytes,
    maxModuleBytes: 64 * 1_048_576,
  });
  const request: RunRequest = {
    runId: name,
    module: new WebAssembly.Module(Uint8Array.from(prepared)),
    moduleDigest: preparedDigest,
    input: Buffer.from(config.stdin),
    args: [`${name}.wasm`, ...config.args],
    env: config.env,
    clockMicros: 1_700_000_000_000_000,
    seed: new Uint8Array(32).fill(7),
    limits: LIMITS,
    outputContentType: "application/octet-stream",
  };
  return config.directories.length === 0 ? runAsCast(request) : runWithDirectories(request, config, folder);
}
