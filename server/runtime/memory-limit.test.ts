import { afterAll, expect, test } from "vitest";
import { createSandbox, PAGE, prepare } from "../../tests/support/sandbox.ts";
import { call, FREE, program } from "../../tests/support/wat.ts";
import { RuntimeFailed, type RunRequest } from "./types.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

/** Asks for so many pages at a time until it is refused. */
const grow = (step: number) =>
  `(loop $more (br_if $more (i32.ne (memory.grow (i32.const ${step})) (i32.const -1))))`;
const GROW = grow(1);

test.each([
  ["traps", "unreachable"],
  ["exits with a code", call("proc_exit", 1)],
  ["throws", "(throw $e)"],
  ["reads beyond what it was given", `(drop (i32.load (i32.const ${16 * PAGE})))`],
])("a program that %s once its memory is full ended by its limit of memory", async (_what, failure) => {
  expect(await sandbox.run(program(`${GROW} ${failure}`, { fields: "(tag $e)" }))).toMatchObject({
    ending: "memory-limit",
  });
});

test("a program that was refused a large step below its limit ended by it too", async () => {
  // One page to begin with; the cap is 16, so the first step of 16 is one too many.
  const refused = program("(if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))");
  expect(await sandbox.run(refused)).toMatchObject({ ending: "memory-limit" });
  const fits = program("(if (i32.ne (memory.grow (i32.const 15)) (i32.const -1)) (then unreachable))");
  expect(await sandbox.run(fits)).toMatchObject({ ending: "trapped" });
});

test("a program that asked for more memory than there can be, and failed, ended by its limit", async () => {
  for (const pages of [65_536, -1])
    expect(await sandbox.run(program(`(drop (memory.grow (i32.const ${pages}))) unreachable`))).toMatchObject(
      {
        ending: "memory-limit",
      },
    );
});

test.each([
  ["completes", "", "completed"],
  ["exits with 0", call("proc_exit", 0), "completed"],
  ["uses up its fuel", "(loop $l (br $l))", "out-of-fuel"],
  ["uses up its stack", "(call $down)", "stack-exhausted"],
  ["floods its output", `(loop $l ${call("print", 0, PAGE)} (br $l))`, "output-limit"],
])("a program that can live with a full memory and then %s ended as it did", async (_what, after, ending) => {
  const fields = "(func $down (call $down) (call $down))";
  const limits = { fuel: 10_000_000_000 };
  const wat = program(`${GROW} ${after}`, { fields });
  expect(
    await sandbox.run(wat, { limits: ending === "out-of-fuel" ? { fuel: 5_000_000 } : limits }),
  ).toMatchObject({
    ending,
  });
});

test("a program that fails in the memory it began with, or below its limit, trapped", async () => {
  expect(await sandbox.run(program("unreachable", { memory: "16" }))).toMatchObject({ ending: "trapped" });
  expect(await sandbox.run(program("(drop (memory.grow (i32.const 14))) unreachable"))).toMatchObject({
    ending: "trapped",
  });
});

test("a refusal in one run is forgotten in the next", async () => {
  const wat = program(
    `(if (i32.load8_u (i32.const ${FREE})) (then)) ${call("print", FREE, 1)}
    (drop ${call("fd_read", 0, 16, 1, 24)})
    (if (i32.eq (i32.load (i32.const 24)) (i32.const 1)) (then (drop (memory.grow (i32.const 99)))))
    unreachable`,
    { fields: `(data (i32.const 16) "\\80\\00\\00\\00\\01\\00\\00\\00")` },
  );
  for (let round = 0; round < 6; round += 1) {
    expect(await sandbox.run(wat, { input: "x" })).toMatchObject({ ending: "memory-limit" });
    expect(await sandbox.run(wat, { input: "" })).toMatchObject({ ending: "trapped" });
  }
});

test("a table that is refused to grow is the same limit", async () => {
  const fields = "(table $t 1 5 funcref)";
  const wat = program("(drop (table.grow $t (ref.null func) (i32.const 5))) unreachable", { fields });
  expect(await sandbox.run(wat)).toMatchObject({ ending: "memory-limit" });
});

test.each([
  { what: "the limit of the run", memory: "1", memoryBytes: 16 * PAGE, pages: 16, step: 1 },
  {
    what: "the limit of the run below its own maximum",
    memory: "1 20",
    memoryBytes: 16 * PAGE,
    pages: 16,
    step: 1,
  },
  { what: "its own maximum below the limit", memory: "1 5", memoryBytes: 16 * PAGE, pages: 5, step: 1 },
  { what: "whole pages only", memory: "1", memoryBytes: 4 * PAGE - 1, pages: 3, step: 1 },
  { what: "what whole steps fill", memory: "1", memoryBytes: 40 * PAGE, pages: 33, step: 16 },
])("memory grows to $what", async ({ memory, memoryBytes, pages, step }) => {
  const body = `${grow(step)} (i32.store (i32.const ${FREE}) (memory.size)) ${call("print", FREE, 4)}`;
  const output = await sandbox.output(program(body, { memory }), { limits: { memoryBytes } });
  expect([...output]).toEqual([pages, 0, 0, 0]);
});

test("memory that was grown can be used to its last byte, and is empty", async () => {
  const last = 16 * PAGE - 1;
  const body = `${GROW} (if (i32.load8_u (i32.const ${last})) (then unreachable))
    (i32.store8 (i32.const ${last}) (i32.const 65)) ${call("print", last, 1)}`;
  expect([...(await sandbox.output(program(body)))]).toEqual([65]);
});

/** A prepared module in whose declaration the engine's own maximum, the last byte of the section, is lower. */
function withLowerMaximum(wat: string, section: readonly number[], maximum: number): RunRequest["module"] {
  const bytes = Buffer.from(prepare(wat).prepared);
  const at = bytes.indexOf(Buffer.from(section));
  expect(at).toBeGreaterThan(0);
  bytes[at + section.length - 1] = maximum;
  return new WebAssembly.Module(bytes);
}

test.each([
  ["memory", "(drop (memory.grow (i32.const 5)))", "", [5, 4, 1, 1, 1, 16]],
  [
    "table",
    "(drop (table.grow (ref.null func) (i32.const 5)))",
    "(table 1 16 funcref)",
    [4, 5, 1, 0x70, 1, 1, 16],
  ],
])(
  "a growth of a %s that the engine refuses within the cap is our failure, and never told to the program",
  async (_what, body, fields, section) => {
    const wat = program(`${body} ${call("proc_exit", 7)}`, { fields });
    const request = await sandbox.request(wat);
    const short = { ...request, moduleDigest: "short", module: withLowerMaximum(wat, section, 2) };
    expect(await sandbox.runtime.run(request)).toMatchObject({ ending: "exited", exitCode: 7 });
    await expect(sandbox.runtime.run(short)).rejects.toThrow(RuntimeFailed);
    await expect(sandbox.runtime.run(short)).rejects.toHaveProperty(
      "cause.message",
      "there was no memory for a growth within the cap",
    );
  },
);

test("asking again and again for no memory at all costs a large memory no time", async () => {
  const wat = program("(loop $again (drop (memory.grow (i32.const 0))) (br $again))", { memory: "2048" });
  const limits = { memoryBytes: 2_048 * PAGE, fuel: 100_000_000, wallMs: 5_000 };
  expect(await sandbox.run(wat, { limits })).toMatchObject({ ending: "out-of-fuel" });
});

// A second or two on a quiet machine; near half of the thread's heap limit it was half a minute, and far more.
test.each([256, 512])("a memory of %i MiB is reached page by page in a moment", async (mebibytes) => {
  const limits = { memoryBytes: mebibytes * 1_048_576, fuel: 1_000_000_000, wallMs: 20_000 };
  expect(await sandbox.run(program(GROW), { limits })).toMatchObject({ ending: "completed" });
});
