#!/usr/bin/env node
/** The `spell` command: looks at modules and runs them, offline, in the same sandbox as the platform's. */
import { inspectCommand } from "./inspect.ts";
import { runCommand } from "./run.ts";
import { Misuse } from "./misuse.ts";

const USAGE = `usage:
  spell inspect MODULE.wasm [--memory BYTES]
      what it imports, uses and costs, and why it would be refused
  spell run MODULE.wasm [--fuel N] [--seed S] [--memory BYTES] [-- ARGUMENT...] < input
      runs it; its output goes to stdout, its log, ending and fuel to stderr`;

const COMMANDS: Readonly<Record<string, (words: string[]) => Promise<number>>> = {
  inspect: inspectCommand,
  run: runCommand,
};

const [name = "", ...words] = process.argv.slice(2);
try {
  const command = COMMANDS[name];
  if (command === undefined) throw new Misuse(name === "" ? "name a command" : `there is no command ${name}`);
  process.exitCode = await command(words);
} catch (error) {
  // Node's own parser of options says what is wrong with them under codes of this family.
  const isParse =
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (!(error instanceof Misuse) && !isParse) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
