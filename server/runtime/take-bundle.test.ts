import { expect, test } from "vitest";
import type { Pending } from "./bundle.ts";
import { MOST_RUNS } from "./claim-board.ts";
import { ExpectedTimes } from "./expected-times.ts";
import { FairQueue } from "./fair-queue.ts";
import { takeBundle } from "./take-bundle.ts";

/** Runs named by their group and number; a group's module has its name. */
function pending(name: string, { inputBytes = 0, losses = 0 } = {}): Pending {
  const group = name.charAt(0);
  const task = {
    runId: name,
    module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    moduleDigest: group,
    input: new Uint8Array(inputBytes),
    args: [],
    env: {},
    clockMicros: 0,
    seed: new Uint8Array(32),
    limits: { fuel: 1, memoryBytes: 1, wallMs: 1, outputBytes: 1, logBytes: 1 },
    outputContentType: "text/plain",
  };
  return { group, task, resolve: () => undefined, reject: () => undefined, losses };
}

interface Options {
  readonly free?: number;
  readonly ms?: Readonly<Record<string, number>>;
}

/** A queue in which these wait for the free ones of four short places; every group's last run took so long. */
function waiting(names: readonly string[], { free = 1, ms = {} }: Options = {}) {
  const queue = new FairQueue<Pending>({ short: 4, long: 2 });
  const expected = new ExpectedTimes();
  for (const other of ["x", "y", "z"].slice(free - 1)) {
    queue.push(other, pending(other));
    queue.take();
  }
  for (const name of names) {
    const run = pending(name);
    queue.push(run.group, run);
    expected.learn(run.task, ms[run.group] ?? 0.02);
  }
  return { queue, take: () => takeBundle(queue, expected) };
}

const namesOf = (taken: ReturnType<typeof takeBundle>) => taken?.runs.map(({ task }) => task.runId);
const many = (group: string, count: number) => Array.from({ length: count }, (_, i) => `${group}${i}`);

test("runs of different groups share a bundle, in the order of turns", () => {
  const taken = waiting(["a1", "a2", "a3", "b1", "c1", "c2"]).take();
  expect(namesOf(taken)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect(taken?.groups).toEqual(new Set("abc"));
});

test("a bundle has at most so many runs, and where several places are free each gets its share", () => {
  expect(namesOf(waiting(many("a", 50)).take())).toHaveLength(MOST_RUNS);
  const { take } = waiting(["a1", "b1", "c1", "d1"], { free: 2 });
  expect([namesOf(take()), namesOf(take())]).toEqual([
    ["a1", "b1"],
    ["c1", "d1"],
  ]);
});

test("a run alone is taken alone", () => {
  expect(namesOf(waiting(["a1"]).take())).toEqual(["a1"]);
});

test("what is not known to be short is carried alone, and joins nothing", () => {
  const { take, queue } = waiting(["b1", "b2", "c1"], { free: 4, ms: { b: 3 } });
  expect([namesOf(take()), namesOf(take())]).toEqual([["b1"], ["c1"]]);
  const unknown = pending("u1");
  const large = pending("c2", { inputBytes: 1_000_000 });
  const lost = pending("c3", { losses: 1 });
  for (const run of [pending("c4"), unknown, large, lost]) queue.push(run.group, run);
  queue.done("b", false);
  expect([namesOf(take()), namesOf(take())]).toEqual([["b2"], ["c4"]]);
  expect(take(), "half of the places are kept for what is known to be short").toBe(null);
  queue.done("c", false);
  queue.done("c", false);
  expect(namesOf(take())).toEqual(["u1"]);
});

test("a bundle takes no more time than it may", () => {
  const { take } = waiting(["a1", "b1", "c1", "d1"], { ms: { a: 0.4, b: 0.4, c: 0.4, d: 0.1 } });
  expect(namesOf(take())).toEqual(["a1", "b1", "d1"]);
});

test("a group that was slow does not join the bundles of others", () => {
  const { take, queue } = waiting(["a1", "b1", "c1"]);
  queue.remember("b", true);
  expect(namesOf(take())).toEqual(["a1", "c1"]);
  expect(take()).toMatchObject({ isLong: true });
});

test("groups that flood the queue start in half of the places while others wait, and none is in all of them", () => {
  const { take } = waiting([...many("a", 100), ...many("b", 40), ...many("c", 40)], { free: 4 });
  const places = [take(), take(), take(), take()].map((taken) => [...(taken?.groups ?? [])]);
  expect(places.flat().length, "some share a place").toBeGreaterThan(4);
  for (const group of "abc") {
    const held = places.filter(([holder]) => holder === group).length;
    const present = places.filter((groups) => groups.includes(group)).length;
    expect([held, present], group).toEqual([expect.toBeOneOf([1, 2]), expect.toBeOneOf([1, 2, 3])]);
  }
  expect(take(), "no place is left").toBe(null);
});

test("what is put back comes before all others, in its order", () => {
  const { take, queue } = waiting(["a1", "a2", "b1", "c1", "a3"]);
  const taken = take();
  expect(namesOf(taken)).toEqual(["a1", "b1", "c1", "a2", "a3"]);
  queue.push("d", pending("d1"));
  for (const run of taken?.runs.slice(2).toReversed() ?? []) queue.putBack(run.group, run);
  for (const group of ["b", "c"]) queue.leave(group);
  queue.done("a", false);
  expect(queue.size).toBe(4);
  expect(namesOf(take())).toEqual(["c1", "a2", "a3"]);
});
