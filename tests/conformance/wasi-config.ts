/** What a program of the official WASI suite is run with, and what it must do: the JSON beside it, in either form. */

export interface Directory {
  /** Its path on this machine, relative to the JSON. */
  readonly path: string;
  /** The name under which the program gets it. */
  readonly name: string;
}

export interface WasiConfig {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly directories: readonly Directory[];
  readonly exitCode: number;
  /** Null: not looked at. */
  readonly stdout: string | null;
  readonly stderr: string | null;
}

/** The sandbox does not have what the program needs; the message says what that is. */
export class OutsidePolicy extends Error {
  override readonly name = "OutsidePolicy";
}

const DEFAULT: WasiConfig = {
  args: [],
  env: {},
  stdin: "",
  directories: [],
  exitCode: 0,
  stdout: null,
  stderr: null,
};

type Json = Readonly<Record<string, unknown>>;

const textOr = <Other>(value: unknown, otherwise: Other): string | Other =>
  typeof value === "string" ? value : otherwise;
const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function environment(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** `root` is what the program sees as `/`; older files name several directories, which keep their names. */
function directories({ root, dirs }: Json): Directory[] {
  const named = textsIn(dirs).map((path) => ({ path, name: path }));
  return typeof root === "string" ? [{ path: root, name: "/" }, ...named] : named;
}

const started = (json: Json): Pick<WasiConfig, "args" | "env" | "stdin" | "directories"> => ({
  args: textsIn(json["args"]),
  env: environment(json["env"]),
  stdin: textOr(json["stdin"], ""),
  directories: directories(json),
});

const exitCodeIn = ({ exit_code: code }: Json): number => (typeof code === "number" ? code : 0);

function followOperations(operations: readonly Json[]): WasiConfig {
  let config = DEFAULT;
  for (const operation of operations) {
    const type = textOr(operation["type"], "");
    const payload = textOr(operation["payload"], "");
    if (type === "run") config = { ...config, ...started(operation) };
    else if (type === "wait") config = { ...config, exitCode: exitCodeIn(operation) };
    else if (type === "read" && operation["id"] === "stderr") config = { ...config, stderr: payload };
    else if (type === "read") config = { ...config, stdout: payload };
    else throw new OutsidePolicy(`connections (${type})`);
  }
  return config;
}

/** @throws OutsidePolicy */
export function readConfig(text: string | null): WasiConfig {
  if (text === null) return DEFAULT;
  // A file of the suite; what is not as it should be is read as not being there.
  const json = JSON.parse(text) as Json;
  const proposals = textsIn(json["proposals"]);
  if (proposals.length > 0) throw new OutsidePolicy(`the proposals ${proposals.join(", ")}`);
  if (Array.isArray(json["operations"])) return followOperations(json["operations"] as Json[]);
  return {
    ...started(json),
    exitCode: exitCodeIn(json),
    stdout: textOr(json["stdout"], null),
    stderr: textOr(json["stderr"], null),
  };
}
