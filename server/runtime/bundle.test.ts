import { afterAll, expect, onTestFinished, test } from "vitest";
import { asBytes, createSandbox, type RunOptions } from "../../tests/support/sandbox.ts";
import { assemble, call, FREE, program } from "../../tests/support/wat.ts";
import { Bundle, type Pending } from "./bundle.ts";
import { clockMs } from "./claim-board.ts";
import { createThreads, type Threads } from "./create-threads.ts";
import { RuntimeFailed, type RunResult } from "./types.ts";

const sandbox = createSandbox({ threads: 1, maxQueue: 1 });
afterAll(() => sandbox.close());

/** Prints its input; never ends when that begins with "!". */
const ECHO = assemble(
  program(`(i32.store (i32.const 16) (i32.const ${FREE})) (i32.store (i32.const 20) (i32.const 100))
    (drop ${call("fd_read", 0, 16, 1, 24)})
    (if (i32.eq (i32.load8_u (i32.const ${FREE})) (i32.const 33)) (then (loop $for_ever (br $for_ever))))
    (call $print (i32.const ${FREE}) (i32.load (i32.const 24)))`),
);
const COMPLETED = { ending: "completed" };

/** What becomes of the runs of one bundle, whose inputs these are, in one thread. */
async function bundled(inputs: readonly string[], options: RunOptions = {}) {
  const threads = createThreads(1);
  onTestFinished(() => threads.close());
  const results = inputs.map((): RunResult | Error | null => null);
  const log: string[] = [];
  const runs = await Promise.all(
    inputs.map(async (input, i): Promise<Pending> => {
      const task = await sandbox.request(ECHO, { input, ...options });
      const keep = (result: RunResult | Error) => (results[i] = result);
      return { group: `group-${i}`, task, resolve: keep, reject: keep, losses: 0 };
    }),
  );
  const putBack: Pending[] = [];
  const owner = {
    ended: ({ group }: Pending) => log.push(`${group} ended`),
    putBack: (back: readonly Pending[]) => putBack.push(...back),
    leftTo: (_bundle: Bundle, group: string) => log.push(`left to ${group}`),
    makeLong: (group: string) => log.push(`${group} is long`) > 0,
  };
  const groups = new Set(runs.map(({ group }) => group));
  const bundle = new Bundle(threads, owner, { claims: { place: 0, turn: 5 }, runs, groups, isLong: false });
  return { threads, bundle, results, log, runs, putBack };
}

/** Looks at the bundle from now on, as the pool does. */
function keepLooking(bundle: Bundle): void {
  const looking = setInterval(() => bundle.look(), 5);
  onTestFinished(() => clearInterval(looking));
}

/** Resolves when the thread has started this run of the bundle. */
async function started({ board }: Threads, { claims }: Bundle, index: number): Promise<void> {
  await expect.poll(() => board.running(claims)?.index, { interval: 1, timeout: 10_000 }).toBe(index);
}

test("every run of a bundle gets its own answer", async () => {
  const { bundle, results, putBack } = await bundled(["one", "two", "three"]);
  await bundle.run();
  expect(results).toMatchObject(
    ["one", "two", "three"].map((input) => ({ ending: "completed", output: asBytes(input) })),
  );
  expect(putBack).toEqual([]);
});

test("a run that never ends holds neither what came before it nor what comes after it", async () => {
  const { threads, bundle, results, log, runs, putBack } = await bundled(["one", "!", "three", "four"], {
    limits: { wallMs: 600 },
  });
  const ended = bundle.run();
  await started(threads, bundle, 1);
  keepLooking(bundle);
  await expect.poll(() => putBack).toEqual(runs.slice(2));
  expect(results, "the endless one still runs").toMatchObject([COMPLETED, null, null, null]);
  await ended;
  expect(results[1]).toEqual({ ending: "wall-time", durationMs: 600, log: new Uint8Array() });
  expect(results.slice(2), "they are for another thread").toEqual([null, null]);
  expect(log).toEqual(["group-0 ended", "left to group-1", "group-1 is long", "group-1 ended"]);
  expect(
    runs.map(({ losses }) => losses),
    "no thread of theirs was lost",
  ).toEqual([0, 0, 0, 0]);
});

test("a run's wall clock begins when it starts itself", async () => {
  const { threads, bundle, results } = await bundled(["one", "!"], { limits: { wallMs: 200 } });
  const ended = bundle.run();
  await started(threads, bundle, 1);
  keepLooking(bundle);
  const { sinceMs = Infinity } = threads.board.running(bundle.claims) ?? {};
  await ended;
  expect(results).toMatchObject([COMPLETED, { ending: "wall-time" }]);
  expect(clockMs() - sinceMs).toBeGreaterThanOrEqual(200);
});

test("of a bundle whose thread is lost only the run under way fails", async () => {
  const { threads, bundle, results, runs, putBack } = await bundled(["one", "!", "three"]);
  const ended = bundle.run();
  await started(threads, bundle, 1);
  await threads.close();
  await ended;
  expect(results).toMatchObject([COMPLETED, expect.any(RuntimeFailed), null]);
  expect(putBack).toEqual(runs.slice(2));
  expect(runs.map(({ losses }) => losses)).toEqual([0, 0, 1]);
});

test("a run that fails in its thread does not take the others with it", async () => {
  const { bundle, results, runs } = await bundled(["one", "two", "three"]);
  const [, second] = runs;
  // A module that preparation did not make.
  if (second !== undefined)
    Object.assign(second.task, {
      module: new WebAssembly.Module(Uint8Array.from(assemble("(module)"))),
      moduleDigest: "unprepared",
    });
  await bundle.run();
  expect(results).toMatchObject([COMPLETED, expect.any(RuntimeFailed), COMPLETED]);
});
