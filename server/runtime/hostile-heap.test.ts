import { execFile } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXCEPTION_KEEPERS } from "../../tests/support/exception-keepers.ts";
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

test.each(EXCEPTION_KEEPERS)(
  "a recursion that keeps $what uses up its stack, not the thread",
  async ({ wat }) => {
    const before = threads;
    for (let round = 0; round < 2; round += 1)
      expect(await sandbox.run(wat)).toMatchObject({ ending: "stack-exhausted" });
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
