import { execFile } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, PAGE } from "../../tests/support/sandbox.ts";
import { call, FREE, program } from "../../tests/support/wat.ts";

/** Threads that this process has started. */
let threads = 0;
subscribe("worker_threads", () => {
  threads += 1;
});

/** What takes memory of the engine's, which no cap on linear memory counts. */
const sandbox = createSandbox({ threads: 1, maxQueue: 100 });
afterAll(() => sandbox.close());
beforeAll(() => sandbox.run(program("")));

/** As much as an exception may carry, in the form that takes most of the engine's memory; and nothing. */
const PAYLOADS = {
  "the largest exceptions": ["v128 v128", "(v128.const i64x2 -1 -1) ".repeat(2)],
  "the smallest exceptions": ["", ""],
} as const;

const some = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(" ");

/** Throws an exception and leaves it on the operand stack. */
const caught = (values: string, label: string) =>
  `(block $${label} (result exnref) (try_table (catch_all_ref $${label}) (throw $e ${values})) unreachable)`;

/** Bodies of `$down`, which keeps as many new exceptions as there is room for, at every depth of a recursion. */
const KEEPERS: Readonly<Record<string, (values: string) => string>> = {
  "among its operands": (values) =>
    `(func $down ${some(900, (i) => caught(values, `h${i}`))} (call $down) ${"drop ".repeat(900)})`,
  "in its locals": (values) =>
    `(func $down (local ${"exnref ".repeat(1_500)}) ${some(1_500, (i) => `(local.set ${i} ${caught(values, `h${i}`)})`)}
      (call $down) ${some(1_500, (i) => `(if (i32.load (i32.const 0)) (then (throw_ref (local.get ${i}))))`)})`,
  "in its parameters": (values) =>
    `(func $begin (call $deeper ${"(ref.null exn) ".repeat(900)}))
    (func $deeper (param ${"exnref ".repeat(900)}) (call $deeper ${some(900, (i) => caught(values, `h${i}`))})
      ${some(900, (i) => `(if (i32.load (i32.const 0)) (then (throw_ref (local.get ${i}))))`)})
    (func $down (call $begin))`,
  "in its open handlers": (values) =>
    `(func $down ${some(50, (i) => `(try $t${i} (do (throw $e ${values})) (catch_all`)} (call $down)
      ${some(50, (i) => `(rethrow $t${49 - i})))`)})`,
};

const KEPT = Object.keys(KEEPERS).flatMap((where) =>
  Object.entries(PAYLOADS).map(([what, [types, values]]) => ({ where, what, types, values })),
);

test.each(KEPT)(
  "a recursion that keeps $what $where uses up its stack, not the thread",
  async ({ where, types, values }) => {
    const fields = `(tag $e (param ${types})) ${KEEPERS[where]?.(values)}`;
    const before = threads;
    for (let round = 0; round < 2; round += 1)
      expect(await sandbox.run(program("(call $down)", { fields }))).toMatchObject({
        ending: "stack-exhausted",
      });
    expect(await sandbox.run(program(""))).toMatchObject({ ending: "completed" });
    expect(threads).toBe(before);
  },
);

/** Looks for a file by a path of so many mebibytes of slashes. */
const longPath = (mebibytes: number) =>
  program(
    `(memory.fill (i32.const ${PAGE}) (i32.const 47) (i32.const ${mebibytes * 1_048_576}))
    (i32.store8 (i32.const ${PAGE}) (i32.const 46))
    (i32.store (i32.const ${FREE}) ${call("path_filestat_get", 3, 0, PAGE, mebibytes * 1_048_576, 128)}) ${call("print", FREE, 4)}`,
    { memory: String(16 * mebibytes + 2) },
  );

/** A process of its own: the heap of a thread that is used up at once takes the whole process with it. */
const ELSEWHERE = `
  const { createSandbox } = await import(process.argv[1]);
  const sandbox = createSandbox({ threads: 1, maxQueue: 10 });
  const resources = { digest: "one", files: [{ path: "resources/a", bytes: new Uint8Array(1) }] };
  const limits = { memoryBytes: 128 * 1048576 };
  console.log((await sandbox.run(process.argv[2], { resources, limits })).ending);
  await sandbox.close();`;

function endingElsewhere(wat: string): Promise<string> {
  const support = fileURLToPath(new URL("../../tests/support/sandbox.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", ELSEWHERE, support, wat], (error, stdout) =>
      resolve(error === null ? stdout.trim() : "the process died"),
    );
  });
}

test("a path of a mebibyte is answered", async () => {
  expect(await endingElsewhere(longPath(1))).toBe("completed");
});

test("a path of many mebibytes does not cost the thread or the process", async () => {
  expect(await endingElsewhere(longPath(32))).toBe("completed");
});
