import { expect, test } from "vitest";
import { Busy } from "../../errors.ts";
import { createTurns } from "./take-turns.ts";

/** Work that ends when it is told to. */
function controlled() {
  const started: { end: () => void; fail: () => void }[] = [];
  const work = () =>
    new Promise<number>((resolve, reject) => {
      const number = started.length;
      started.push({ end: () => resolve(number), fail: () => reject(new Error("failed")) });
    });
  return { started, work };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("no more run at once than is allowed, and the rest run in the order of their coming", async () => {
  const turns = createTurns({ width: 2, maxWaiting: 10 });
  const { started, work } = controlled();
  const results = Array.from({ length: 5 }, () => turns.take(work));
  for (let ended = 0; ended < 5; ended += 1) {
    await settle();
    expect([started.length, turns.running]).toEqual([Math.min(ended + 2, 5), Math.min(2, 5 - ended)]);
    expect(turns.waiting).toBe(Math.max(3 - ended, 0));
    started[ended]?.end();
  }
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
  expect([turns.running, turns.waiting]).toEqual([0, 0]);
});

test("a turn whose work fails is passed on, whether it throws at once or later", async () => {
  const turns = createTurns({ width: 1, maxWaiting: 10 });
  const { started, work } = controlled();
  const first = turns.take(work);
  const second = turns.take(() => {
    throw new Error("at once");
  });
  const third = turns.take(work);
  started[0]?.fail();
  await expect(first).rejects.toThrow("failed");
  await expect(second).rejects.toThrow("at once");
  await settle();
  started[1]?.end();
  expect(await third).toBe(1);
  expect([turns.running, turns.waiting]).toEqual([0, 0]);
});

test("beyond what may wait the answer is busy, and those who wait lose nothing", async () => {
  const turns = createTurns({ width: 1, maxWaiting: 1 });
  const { started, work } = controlled();
  const admitted = [turns.take(work), turns.take(work)];
  await expect(turns.take(work)).rejects.toThrow(Busy);
  started[0]?.end();
  await settle();
  started[1]?.end();
  expect(await Promise.all(admitted)).toEqual([0, 1]);
});
