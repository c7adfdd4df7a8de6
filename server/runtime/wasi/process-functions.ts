/** Arguments, environment, clocks, randomness, exit: all that is not a descriptor or a path. */
import { ERRNO, type Errno } from "./errno.ts";
import type { Host, HostFunction } from "./host-function.ts";
import { CLOCKS, CLOCKS_THAT_SHOW_THE_INSTANT, MOST_SUBSCRIPTIONS, pollOneoff } from "./poll.ts";
import type { WasiName } from "./signatures.ts";
import type { StringTable } from "./string-table.ts";

const RESOLUTION_NS = 1_000n;

export function processFunctions(host: Host) {
  const { memory, fuel } = host;
  const tell = (id: number, pointer: number, value: bigint): Errno => {
    if (id >>> 0 >= CLOCKS) return ERRNO.inval;
    if (!memory.fits(pointer, 8)) return ERRNO.fault;
    memory.setU64(pointer, value);
    return ERRNO.success;
  };
  const copy = (table: StringTable, pointers: number, buffer: number): Errno | null =>
    fuel.pay(table.count, table.bytes) ? table.get(pointers, buffer) : null;

  return {
    args_get: (pointers: number, buffer: number) => copy(host.run.args, pointers, buffer),
    args_sizes_get: (count: number, bytes: number) => host.run.args.sizes(count, bytes),
    environ_get: (pointers: number, buffer: number) => copy(host.run.environ, pointers, buffer),
    environ_sizes_get: (count: number, bytes: number) => host.run.environ.sizes(count, bytes),
    clock_res_get: (id: number, pointer: number) => tell(id, pointer, RESOLUTION_NS),
    // All clocks stand still at the cast's instant: nothing that a program does takes time.
    clock_time_get: (id: number, _precision: bigint, pointer: number) =>
      tell(id, pointer, id >>> 0 < CLOCKS_THAT_SHOW_THE_INSTANT ? host.run.nowNs : 0n),
    random_get: (pointer: number, length: number) => {
      if (!memory.fits(pointer, length)) return ERRNO.fault;
      if (!fuel.pay(1, length >>> 0)) return null;
      host.run.keystream(memory.bytes(pointer, length));
      return ERRNO.success;
    },
    sched_yield: () => ERRNO.success,
    proc_exit: (code: number) => host.end({ kind: "exit", code: code >>> 0 }),
    proc_raise: () => ERRNO.notsup,
    poll_oneoff: (input: number, output: number, count: number, eventsPointer: number) =>
      fuel.pay(Math.min(count >>> 0, MOST_SUBSCRIPTIONS), 0)
        ? pollOneoff(memory, host.run.fds, { input, output, count, eventsPointer, nowNs: host.run.nowNs })
        : null,
    sock_accept: (fd: number) => (host.run.fds.get(fd) === undefined ? ERRNO.badf : ERRNO.notsock),
    sock_recv: (fd: number) => (host.run.fds.get(fd) === undefined ? ERRNO.badf : ERRNO.notsock),
    sock_send: (fd: number) => (host.run.fds.get(fd) === undefined ? ERRNO.badf : ERRNO.notsock),
    sock_shutdown: (fd: number) => (host.run.fds.get(fd) === undefined ? ERRNO.badf : ERRNO.notsock),
  } satisfies Partial<Record<WasiName, HostFunction>>;
}
