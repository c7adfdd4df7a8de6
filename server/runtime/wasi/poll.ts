import type { Descriptors } from "./descriptors.ts";
import { ERRNO, type Errno } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
/** More would be work without bound. */
export const MOST_SUBSCRIPTIONS = 1_024;
const CLOCKS = 4;

export interface PollCall {
  readonly input: number;
  readonly output: number;
  readonly count: number;
  readonly eventsPointer: number;
}

/** What one subscription gives: time does not pass and streams never wait, so everything is ready at once. */
function errnoOf(memory: GuestMemory, fds: Descriptors, at: number, type: number): Errno {
  const subject = memory.u32(at + 16);
  if (type === 0) return subject < CLOCKS ? ERRNO.success : ERRNO.inval;
  if (type > 2) return ERRNO.inval;
  return fds.get(subject) === undefined ? ERRNO.badf : ERRNO.success;
}

/** `poll_oneoff`: answers every subscription at once. */
export function pollOneoff(memory: GuestMemory, fds: Descriptors, call: PollCall): Errno {
  const [input, output, count] = [call.input >>> 0, call.output >>> 0, call.count >>> 0];
  if (count === 0 || count > MOST_SUBSCRIPTIONS) return ERRNO.inval;
  const fits =
    memory.fits(input, count * SUBSCRIPTION_BYTES) &&
    memory.fits(output, count * EVENT_BYTES) &&
    memory.fits(call.eventsPointer, 4);
  if (!fits) return ERRNO.fault;
  for (let i = 0; i < count; i += 1) {
    const [from, to] = [input + i * SUBSCRIPTION_BYTES, output + i * EVENT_BYTES];
    const userdata = memory.view.getBigUint64(from, true);
    const type = memory.view.getUint8(from + 8);
    const errno = errnoOf(memory, fds, from, type);
    memory.bytes(to, EVENT_BYTES).fill(0);
    memory.setU64(to, userdata);
    memory.view.setUint16(to + 8, errno, true);
    memory.view.setUint8(to + 10, type);
  }
  memory.setU32(call.eventsPointer, count);
  return ERRNO.success;
}
