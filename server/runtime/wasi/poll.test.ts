import { afterAll, expect, test } from "vitest";
import { createSandbox, PAGE } from "../../../tests/support/sandbox.ts";
import { call, program } from "../../../tests/support/wat.ts";

const sandbox = createSandbox();
afterAll(() => sandbox.close());

const [SUCCESS, BADF, FAULT, INVAL] = [0, 8, 21, 28];
const [CLOCK, FD_READ, FD_WRITE] = [0, 1, 2];
const SUBSCRIPTIONS = 1_024;
const EVENTS = 4_096;

interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  /** A clock's number or a file descriptor. */
  readonly subject: number;
  /** Nanoseconds, of clocks alone. */
  readonly timeout?: bigint;
}

/** What `poll_oneoff` writes for each subscription. */
async function poll(subscriptions: readonly Subscription[], before = "") {
  const stores = subscriptions.map(({ userdata, type, subject, timeout = 0n }, i) => {
    const at = SUBSCRIPTIONS + 48 * i;
    return `(i64.store (i32.const ${at}) (i64.const ${userdata})) (i32.store8 (i32.const ${at + 8}) (i32.const ${type}))
      (i32.store (i32.const ${at + 16}) (i32.const ${subject})) (i64.store (i32.const ${at + 24}) (i64.const ${timeout}))`;
  });
  const count = subscriptions.length;
  const body = `${before} ${stores.join(" ")} (memory.fill (i32.const ${EVENTS}) (i32.const 255) (i32.const ${32 * count}))
    (i32.store (i32.const 64) ${call("poll_oneoff", SUBSCRIPTIONS, EVENTS, count, 68)})
    ${call("print", 64, 8)} ${call("print", EVENTS, 32 * count)}`;
  const bytes = Buffer.from(await sandbox.output(program(body)));
  const events = subscriptions.map((_, i) => {
    const event = bytes.subarray(8 + 32 * i, 40 + 32 * i);
    const rest = event.subarray(11).every((byte) => byte === 0);
    return {
      userdata: event.readBigUInt64LE(),
      errno: event.readUInt16LE(8),
      type: event.readUInt8(10),
      rest,
    };
  });
  return { errno: bytes.readUInt32LE(0), count: bytes.readUInt32LE(4), events };
}

const event = (userdata: bigint, errno: number, type: number) => ({ userdata, errno, type, rest: true });

test("a sleep of a year is over at once", async () => {
  const year = 365n * 86_400n * 1_000_000_000n;
  const startedAt = performance.now();
  expect(await poll([{ userdata: 7n, type: CLOCK, subject: 1, timeout: year }])).toEqual({
    errno: SUCCESS,
    count: 1,
    events: [event(7n, SUCCESS, CLOCK)],
  });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("what is ready is answered in its order with its own userdata, and no clock beside it has run out", async () => {
  const userdata = 0x1234_5678_9abc_def0n;
  const answer = await poll([
    { userdata, type: FD_WRITE, subject: 1 },
    { userdata: 2n, type: CLOCK, subject: 0, timeout: 1n },
    { userdata: 3n, type: FD_READ, subject: 0 },
    { userdata: 4n, type: CLOCK, subject: 1, timeout: 0n },
  ]);
  expect(answer).toMatchObject({ errno: SUCCESS, count: 3 });
  expect(answer.events.slice(0, 3)).toEqual([
    event(userdata, SUCCESS, FD_WRITE),
    event(3n, SUCCESS, FD_READ),
    event(4n, SUCCESS, CLOCK),
  ]);
});

test("of clocks alone those that wait the least are answered at once", async () => {
  const answer = await poll([
    { userdata: 1n, type: CLOCK, subject: 0, timeout: 2_000_000_000n },
    { userdata: 2n, type: CLOCK, subject: 1, timeout: 1_000_000_000n },
    { userdata: 3n, type: CLOCK, subject: 0, timeout: 1_000_000_000n },
  ]);
  expect(answer).toMatchObject({ errno: SUCCESS, count: 2 });
  expect(answer.events.slice(0, 2)).toEqual([event(2n, SUCCESS, CLOCK), event(3n, SUCCESS, CLOCK)]);
});

test("an unknown clock, descriptor or type is that subscription's own error", async () => {
  const answer = await poll(
    [
      { userdata: 1n, type: CLOCK, subject: 4 },
      { userdata: 2n, type: FD_READ, subject: 9 },
      { userdata: 3n, type: 3, subject: 0 },
      { userdata: 4n, type: FD_READ, subject: 0 },
    ],
    `(drop ${call("fd_close", 0)})`,
  );
  expect(answer.errno).toBe(SUCCESS);
  expect(answer.events).toEqual([
    event(1n, INVAL, CLOCK),
    event(2n, BADF, FD_READ),
    event(3n, INVAL, 3),
    event(4n, BADF, FD_READ),
  ]);
});

test("polling for nothing, or for more than a thousand things, is invalid", async () => {
  const ask = (count: number) => call("poll_oneoff", 0, 0, count, 64);
  expect(await sandbox.values([ask(0), ask(1_025), ask(-1), ask(1_024)])).toEqual([
    INVAL,
    INVAL,
    INVAL,
    SUCCESS,
  ]);
});

test("polling with anything outside the memory is a fault", async () => {
  expect(
    await sandbox.values([
      call("poll_oneoff", PAGE - 47, 64, 1, 256),
      call("poll_oneoff", 64, PAGE - 31, 1, 256),
      call("poll_oneoff", 64, 256, 1, PAGE - 3),
      call("poll_oneoff", -1, 256, 1, 512),
    ]),
  ).toEqual([FAULT, FAULT, FAULT, FAULT]);
});
