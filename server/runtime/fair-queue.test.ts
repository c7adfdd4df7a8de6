import { expect, test } from "vitest";
import { FairQueue } from "./fair-queue.ts";

function filled(places: number, items: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>({ short: places, long: 2 });
  for (const item of items) queue.push(item.charAt(0), item);
  return queue;
}

function takeAll(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) taken.push(next.item);
  return taken;
}

test("groups take turns, each in its own order", () => {
  const queue = filled(6, ["a1", "a2", "a3", "b1", "c1", "c2"]);
  expect(takeAll(queue)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect(queue.size).toBe(0);
});

test("while others wait one group fills at most half of the places", () => {
  const queue = filled(4, ["a1", "a2", "a3", "a4"]);
  expect(takeAll(queue)).toEqual(["a1", "a2", "a3"]);
  queue.push("b", "b1");
  expect(takeAll(queue), "the place that was left is for the newcomer").toEqual(["b1"]);
  queue.push("b", "b2");
  queue.done("a", false);
  expect(takeAll(queue)).toEqual(["b2"]);
});

test("a place that is given back goes to whoever's turn it is", () => {
  const queue = filled(2, ["a1", "b1", "a2", "b2"]);
  expect(takeAll(queue)).toEqual(["a1", "b1"]);
  queue.done("b", false);
  expect(takeAll(queue)).toEqual(["b2"]);
  queue.done("a", false);
  expect(takeAll(queue)).toEqual(["a2"]);
});

test("with one place there is no half, and everybody is served one after the other", () => {
  const queue = filled(1, ["a1", "a2", "b1"]);
  const order: string[] = [];
  for (let next = queue.take(); next !== null; next = queue.take()) {
    order.push(next.item);
    queue.done(next.item.charAt(0), false);
  }
  expect(order).toEqual(["a1", "b1", "a2"]);
});

test("nothing is lost and nothing starts twice, whatever comes in between", () => {
  const queue = new FairQueue<string>({ short: 3, long: 2 });
  const started: string[] = [];
  const running: string[] = [];
  for (let i = 0; i < 2_000; i += 1) {
    const group = "abcdefg".charAt((i * i) % 7);
    queue.push(group, `${group}${i}`);
    for (const item of takeAll(queue)) {
      started.push(item);
      running.push(item);
    }
    const ended = i % 3 === 0 ? running.shift() : undefined;
    if (ended !== undefined) queue.done(ended.charAt(0), false);
  }
  while (queue.size > 0 || running.length > 0) {
    const ended = running.shift();
    if (ended !== undefined) queue.done(ended.charAt(0), false);
    for (const item of takeAll(queue)) {
      started.push(item);
      running.push(item);
    }
  }
  expect(new Set(started).size).toBe(2_000);
});

test("a run that takes long gives its place back, but to no more than the long places there are", () => {
  const queue = filled(2, ["a1", "b1", "c1", "d1"]);
  expect(takeAll(queue)).toEqual(["a1", "b1"]);
  expect(queue.makeLong("a")).toBe(true);
  expect(takeAll(queue)).toEqual(["c1"]);
  expect(queue.makeLong("b")).toBe(true);
  expect(queue.makeLong("c"), "both long places are taken").toBe(false);
  expect(takeAll(queue)).toEqual(["d1"]);
  queue.done("a", true);
  expect(queue.makeLong("c")).toBe(true);
});

test("one group has at most half of the long places", () => {
  const queue = new FairQueue<string>({ short: 4, long: 4 });
  for (const item of ["a1", "a2", "a3"]) queue.push("a", item);
  expect(takeAll(queue)).toHaveLength(3);
  expect([queue.makeLong("a"), queue.makeLong("a"), queue.makeLong("a")]).toEqual([true, true, false]);
});

test("a group whose run was slow waits for a long place, beside those whose was not, until one of its own is not", () => {
  const queue = new FairQueue<string>({ short: 2, long: 2 });
  queue.push("a", "a1");
  expect(takeAll(queue)).toEqual(["a1"]);
  expect(queue.makeLong("a")).toBe(true);
  queue.remember("a", true);
  for (const item of ["a2", "a3", "b1", "c1"]) queue.push(item.charAt(0), item);
  expect(takeAll(queue), "a has its half of the long places").toEqual(["b1", "c1"]);
  queue.done("a", true);
  expect(queue.take()).toEqual({ item: "a2", isLong: true });
  queue.remember("a", false);
  queue.done("a", true);
  queue.done("b", false);
  expect(queue.take()).toEqual({ item: "a3", isLong: false });
});

test("a place that items share counts as the first one's, or whose it is when it is handed over", () => {
  const queue = filled(4, ["a1", "b1"]);
  const groups = new Set("a");
  expect([queue.take()?.item, queue.takeBeside(groups, () => true)]).toEqual(["a1", "b1"]);
  expect(groups).toEqual(new Set("ab"));
  queue.handOver("a", "b");
  for (const item of ["b2", "b3", "a2", "a3"]) queue.push(item.charAt(0), item);
  expect(takeAll(queue), "b has its half with one more").toEqual(["b2", "a2", "a3"]);
  queue.done("b", false);
  expect(takeAll(queue)).toEqual(["b3"]);
});

test("an item joins only what it may join", () => {
  const queue = filled(4, ["a1", "b1", "c1"]);
  expect(queue.take()?.item).toBe("a1");
  const groups = new Set("a");
  expect(queue.takeBeside(groups, (item) => item !== "b1")).toBe("c1");
  expect(queue.takeBeside(groups, (item) => item !== "b1")).toBe(null);
  expect([groups, queue.size]).toEqual([new Set("ac"), 1]);
});

test("what is not quick leaves half of the places to what is, whoever's turn it is", () => {
  const queue = filled(4, ["a1", "b1", "c1", "d1"]);
  const isQuick = (item: string) => item === "d1";
  const taken = Array.from({ length: 4 }, () => queue.take(isQuick)?.item);
  expect(taken).toEqual(["a1", "b1", "d1", undefined]);
  queue.done("a", false);
  expect(queue.take(isQuick), "two are taken").toBe(null);
  queue.done("d", false);
  expect(queue.take(isQuick)?.item).toBe("c1");
});

test("of two places none is kept: whatever waits finds the one that is left", () => {
  const queue = filled(2, ["a1", "b1"]);
  expect([queue.take(() => false)?.item, queue.take(() => false)?.item]).toEqual(["a1", "b1"]);
});
