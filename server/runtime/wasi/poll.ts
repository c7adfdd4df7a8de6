import type { Descriptors } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
/** More would be work without bound. */
export const MOST_SUBSCRIPTIONS = 1_024;
export const CLOCKS = 4;

export interface PollCall {
  readonly input: number;
  readonly output: number;
  readonly count: number;
  readonly nowNs: bigint;
  readonly eventsPointer: number;
}

/** What one subscription gives; streams and files never wait. */
function errnoOf(memory: GuestMemory, fds: Descriptors, at: number, type: number): Errno {
  const subject = memory.u32(at + 16);
  if (type === 0) return subject < CLOCKS ? ERRNO.success : ERRNO.inval;
  if (type > 2) return ERRNO.inval;
  return fds.get(subject) === undefined ? ERRNO.badf : ERRNO.success;
}

const ABSOLUTE = 1;
/** Realtime and monotonic; the other two count processor time, of which none passes. */
export const CLOCKS_THAT_SHOW_THE_INSTANT = 2;

/** How long a subscription would wait: only clocks do, and what is ready keeps them from being told. */
function waitNs(memory: GuestMemory, at: number, nowNs: bigint): bigint {
  const [type, id] = [memory.view.getUint8(at + 8), memory.u32(at + 16)];
  if (type !== 0 || id >= CLOCKS) return 0n;
  const timeout = memory.view.getBigUint64(at + 24, true);
  if ((memory.view.getUint16(at + 40, true) & ABSOLUTE) === 0) return timeout;
  const shown = id < CLOCKS_THAT_SHOW_THE_INSTANT ? nowNs : 0n;
  return timeout > shown ? timeout - shown : 0n;
}

/** `poll_oneoff`: answers at once, and only what would have been first: a clock has not run out beside what is ready. */
export function pollOneoff(memory: GuestMemory, fds: Descriptors, call: PollCall): Errno {
  const [input, output, count] = [call.input >>> 0, call.output >>> 0, call.count >>> 0];
  if (count === 0 || count > MOST_SUBSCRIPTIONS) return ERRNO.inval;
  const fits =
    memory.fits(input, count * SUBSCRIPTION_BYTES) &&
    memory.fits(output, count * EVENT_BYTES) &&
    memory.fits(call.eventsPointer, 4);
  if (!fits) return ERRNO.fault;
  const waits = Array.from({ length: count }, (_, i) =>
    waitNs(memory, input + i * SUBSCRIPTION_BYTES, call.nowNs),
  );
  const least = waits.reduce((a, b) => (b < a ? b : a));
  let events = 0;
  for (let i = 0; i < count; i += 1) {
    if (waits[i] !== least) continue;
    const [from, to] = [input + i * SUBSCRIPTION_BYTES, output + events * EVENT_BYTES];
    events += 1;
    const userdata = memory.view.getBigUint64(from, true);
    const type = memory.view.getUint8(from + 8);
    const errno = errnoOf(memory, fds, from, type);
    memory.bytes(to, EVENT_BYTES).fill(0);
    memory.setU64(to, userdata);
    memory.view.setUint16(to + 8, errno, true);
    memory.view.setUint8(to + 10, type);
  }
  memory.setU32(call.eventsPointer, events);
  return ERRNO.success;
}
