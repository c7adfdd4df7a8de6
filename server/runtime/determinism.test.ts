import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { essence, PROGRAMS, SEED } from "../../tests/support/deterministic-programs.ts";
import { createSandbox, prepare, runHere, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";

const sandbox = createSandbox({ threads: 3, maxQueue: 1_000 });
afterAll(() => sandbox.close());

test.each(PROGRAMS)(
  "a program that $what does the same in every run and thread",
  async ({ wat, ending, options = {} }) => {
    const module = assemble(wat);
    const here = runHere(module, options);
    expect(here).toMatchObject({ ending });
    const request = await sandbox.request(module, options);
    const results = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        sandbox.runtime.run({ ...request, runId: `${request.moduleDigest}-${i}` }),
      ),
    );
    for (const result of results) expect(essence(result)).toBe(essence(here));
  },
);

test.each(PROGRAMS)("a program that $what does the same when it has become hot", ({ wat, options = {} }) => {
  const module = assemble(wat);
  const first = essence(runHere(module, options));
  for (let round = 0; round < 60; round += 1) expect(essence(runHere(module, options))).toBe(first);
});

const SCRIPT = fileURLToPath(new URL("../../tests/support/print-essences.ts", import.meta.url));

test.each([
  ["with the flags of the platform", []],
  ["where everything is compiled by the optimising compiler", ["--no-liftoff"]],
  ["where nothing is ever optimised", ["--liftoff-only"]],
  [
    "on a processor without its newer instructions",
    ["--no-enable-avx", "--no-enable-fma3", "--no-enable-sse4-2"],
  ],
])("another process %s gives the same output, fuel and digests", async (_what, flags) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, SCRIPT]);
  const here = PROGRAMS.map(({ wat, options }) => [
    prepare(wat).preparedDigest,
    essence(runHere(wat, options)),
  ]);
  expect(JSON.parse(stdout)).toEqual(here);
});

test("what is random or told by a clock is another for another seed or instant", () => {
  const [clocks, random] = PROGRAMS;
  const outputOf = (wat = "", options: RunOptions = {}) => essence(runHere(wat, options));
  expect(outputOf(random?.wat, { seed: SEED })).not.toBe(outputOf(random?.wat, { seed: new Uint8Array(32) }));
  expect(outputOf(clocks?.wat, { clockMicros: 1 })).not.toBe(outputOf(clocks?.wat, { clockMicros: 2 }));
});

test("the same module has the same digest, however often it is prepared", async () => {
  const wat = program(call("print", FREE, 4));
  const digests = new Set<string>();
  for (let i = 0; i < 5; i += 1) digests.add((await sandbox.request(wat)).moduleDigest);
  expect(digests.size).toBe(1);
});
