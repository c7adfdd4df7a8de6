import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { ClaimBoard, clockMs, MOST_RUNS } from "./claim-board.ts";

const CLAIMS = { place: 1, turn: 7 };
const THREAD = 3;

function opened(): ClaimBoard {
  const board = ClaimBoard.ofPlaces(3);
  board.open(CLAIMS);
  return board;
}

test("a run that started cannot be taken back, and one that was taken back does not start", () => {
  const board = opened();
  expect(board.start(CLAIMS, 0, THREAD)).toBe(true);
  expect(board.takeBack(CLAIMS, 0)).toBe(false);
  expect(board.takeBack(CLAIMS, 1)).toBe(true);
  expect(board.start(CLAIMS, 1, THREAD)).toBe(false);
});

test("a run was killed or it ended, never both", () => {
  const board = opened();
  for (const index of [0, 1]) board.start(CLAIMS, index, THREAD);
  expect([board.end(CLAIMS, 0), board.kill(CLAIMS, 0)]).toEqual([true, false]);
  expect([board.kill(CLAIMS, 1), board.end(CLAIMS, 1)]).toEqual([true, false]);
  expect([board.kill(CLAIMS, 2), board.end(CLAIMS, 2)], "it has not started").toEqual([false, false]);
});

test("the run under way is seen, since when, and in which thread", () => {
  const board = opened();
  expect([board.running(CLAIMS), board.threadOf(CLAIMS)]).toEqual([null, null]);
  const before = clockMs();
  board.start(CLAIMS, 2, THREAD);
  const { index, sinceMs = 0 } = board.running(CLAIMS) ?? {};
  expect([index, board.threadOf(CLAIMS)]).toEqual([2, THREAD]);
  expect(sinceMs).toBeGreaterThanOrEqual(before);
  expect(sinceMs).toBeLessThanOrEqual(clockMs());
  board.end(CLAIMS, 2);
  expect(board.running(CLAIMS)).toBe(null);
});

test("who still holds an earlier turn of a place changes nothing in the next", () => {
  const board = opened();
  board.start(CLAIMS, 0, THREAD);
  const next = { ...CLAIMS, turn: CLAIMS.turn + 1 };
  board.open(next);
  expect([board.end(CLAIMS, 0), board.start(CLAIMS, 1, THREAD), board.kill(CLAIMS, 0)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(board.takeBack(next, 1)).toBe(true);
});

test("places do not share words", () => {
  const board = opened();
  const beside = { place: 2, turn: CLAIMS.turn };
  board.open(beside);
  for (let index = 0; index < MOST_RUNS; index += 1) expect(board.takeBack(CLAIMS, index)).toBe(true);
  for (let index = 0; index < MOST_RUNS; index += 1) expect(board.start(beside, index, THREAD)).toBe(true);
});

test("while a thread starts runs and another takes them back, each run goes to exactly one of them", async () => {
  const TURNS = 20_000;
  const board = ClaimBoard.ofPlaces(1);
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const claimsOf = (turn: number) => ({ place: 0, turn });
  const thread = new Worker(
    `const { parentPort, workerData: { memory, gate, url, turns, runs } } = require("node:worker_threads");
    import(url).then(({ ClaimBoard }) => {
      const board = new ClaimBoard(memory);
      const started = [];
      for (let turn = 0; turn < turns; turn += 1) {
        while (Atomics.load(gate, 0) !== 2 * turn + 1);
        for (let index = 0; index < runs; index += 1)
          if (board.start({ place: 0, turn }, index, 1)) started.push(turn * runs + index);
        Atomics.store(gate, 0, 2 * turn + 2);
      }
      parentPort.postMessage(started);
    });`,
    {
      eval: true,
      workerData: {
        memory: board.memory,
        gate,
        url: new URL("./claim-board.ts", import.meta.url).href,
        turns: TURNS,
        runs: MOST_RUNS,
      },
    },
  );
  onTestFinished(async () => {
    await thread.terminate();
  });
  const answer = once(thread, "message");
  const takenBack: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    board.open(claimsOf(turn));
    Atomics.store(gate, 0, 2 * turn + 1);
    for (let index = MOST_RUNS - 1; index >= 0; index -= 1)
      if (board.takeBack(claimsOf(turn), index)) takenBack.push(turn * MOST_RUNS + index);
    while (Atomics.load(gate, 0) !== 2 * turn + 2);
  }
  // The thread's one message.
  const [started] = (await answer) as [number[]];
  expect(takenBack.length).toBeGreaterThan(0);
  expect(started.length).toBeGreaterThan(0);
  expect([...started, ...takenBack].sort((a, b) => a - b)).toEqual(
    Array.from({ length: TURNS * MOST_RUNS }, (_, i) => i),
  );
});
