import { expect, test } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** Answers each batch when told to, and remembers what was in it. */
function createSender() {
  const batches: number[][] = [];
  const waiting: (() => void)[] = [];
  const send = async (items: readonly number[]): Promise<string[]> => {
    batches.push([...items]);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return items.map((item) => `answer to ${item}`);
  };
  return { batches, send, next: () => waiting.shift()?.() };
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test("the first goes at once, what comes meanwhile goes together, in order, and never more than the most", async () => {
  const { batches, send, next } = createSender();
  const group = new GroupCommit(send, 3);
  const answers = [1, 2, 3, 4, 5].map((item) => group.submit(item));
  expect(batches).toEqual([[1]]);
  expect(group.waitingIn(0)).toBe(4);
  for (let batch = 0; batch < 3; batch += 1) {
    next();
    await settled();
  }
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5].map((item) => `answer to ${item}`));
});

test("a batch takes from each lane, and a long lane does not keep another waiting", async () => {
  const { batches, send, next } = createSender();
  const group = new GroupCommit(send, 2, 2);
  const answers = [1, 2, 3, 4, 5, 6].map((item) => group.submit(item));
  answers.push(...[11, 12, 13].map((item) => group.submit(item, 1)));
  expect([group.waitingIn(0), group.waitingIn(1)]).toEqual([5, 3]);
  expect(() => group.waitingIn(2)).toThrow(RangeError);
  for (let batch = 0; batch < 4; batch += 1) {
    next();
    await settled();
  }
  expect(batches).toEqual([[1], [2, 3, 11, 12], [4, 5, 13], [6]]);
  expect(await Promise.all(answers)).toEqual(
    [1, 2, 3, 4, 5, 6, 11, 12, 13].map((item) => `answer to ${item}`),
  );
});

test("a batch that fails is halved until the culprit fails alone", async () => {
  const sizes: number[] = [];
  const group = new GroupCommit(async (items: readonly number[]) => {
    await Promise.resolve();
    sizes.push(items.length);
    if (items.includes(13)) throw new Error("13 is not taken");
    return items.map((item) => item * 2);
  }, 100);
  const outcomes = await Promise.allSettled(Array.from({ length: 17 }, (_, item) => group.submit(item)));
  outcomes.forEach((outcome, item) => {
    if (item === 13)
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "13 is not taken" } });
    else expect(outcome).toEqual({ status: "fulfilled", value: item * 2 });
  });
  // Item 0 went alone; 13 is in the second half, the first quarter of that, and so on.
  expect(sizes).toEqual([1, 16, 8, 8, 4, 4, 2, 1, 1, 2]);
});

test("when the database is away all of a batch fails at once, and the next batch is tried", async () => {
  let calls = 0;
  const group = new GroupCommit(async (items: readonly number[]) => {
    calls += 1;
    await Promise.resolve();
    if (calls === 2) throw Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
    return items;
  }, 2);
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => group.submit(item)));
  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(calls).toBe(3);
});

test("an answer that is missing is an error of its item alone", async () => {
  const group = new GroupCommit((items: readonly number[]) => Promise.resolve(items.slice(0, 1)), 10);
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item)));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
});
