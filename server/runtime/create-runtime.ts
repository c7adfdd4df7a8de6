/**
 * The pool of threads. Piscina carries tasks and replaces threads; who is next, the wall clock, and what a lost thread
 * means, are ours.
 */
import { Bundle, type Owner, type Pending } from "./bundle.ts";
import { MOST_TURNS, type Claims } from "./claim-board.ts";
import { createThreads } from "./create-threads.ts";
import { ExpectedTimes } from "./expected-times.ts";
import { FairQueue } from "./fair-queue.ts";
import { takeBundle } from "./take-bundle.ts";
import { RuntimeBusy, RuntimeFailed, type RunRequest, type RunResult, type Runtime } from "./types.ts";

export interface RuntimeOptions {
  /** More than there are cores, so that one long run does not stop the short ones. */
  readonly threads: number;
  /** More threads, for runs that turned out to be long, so that they make room for short ones. */
  readonly longThreads?: number;
  /** Runs that may wait for a thread. */
  readonly maxQueue: number;
}

/** How often the runs under way are looked at. */
const LOOK_MS = 5;
/** After a run of this much wall time, its group's next does not stand in the way of others to begin with. Well above
 * what a short run may take on a busy machine. */
const SLOW_MS = 250;
/** Threads are killed where runs are long; one that is killed is replaced after some 50 ms of processor time. */
const LONG_PER_SPARE = 4;
/** A run that lost so many threads before it started is not carried to another. */
const MOST_LOSSES = 3;

/** A view's own bytes: a message carries all that is behind a view. */
const exact = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);

/** Starts the threads and gives the one door through which programs run. */
export function createRuntime({ threads: short, longThreads: long = 0, maxQueue }: RuntimeOptions): Runtime {
  const threads = createThreads(short + long, Math.ceil(long / LONG_PER_SPARE));
  const queue = new FairQueue<Pending>({ short, long });
  const expected = new ExpectedTimes();
  const free: Claims[] = Array.from({ length: short + long }, (_, place) => ({ place, turn: 0 }));
  const underWay = new Set<Bundle>();
  let looking: NodeJS.Timeout | undefined;
  let [isGathering, isClosed] = [false, false];

  const owner: Owner = {
    ended: ({ group, task }, { durationMs }) => {
      expected.learn(task, durationMs);
      queue.remember(group, durationMs >= SLOW_MS);
    },
    putBack: (runs) => {
      for (const run of runs.toReversed()) {
        if (isClosed || run.losses > MOST_LOSSES) run.reject(new RuntimeFailed("there was no thread for it"));
        else queue.putBack(run.group, run);
      }
    },
    leftTo: (bundle, group) => {
      const [holder = group, ...others] = bundle.groups;
      if (holder !== group) queue.handOver(holder, group);
      for (const other of others) if (other !== group) queue.leave(other);
      bundle.groups = new Set([group]);
    },
    makeLong: (group) => queue.makeLong(group),
  };

  const carry = async (bundle: Bundle): Promise<void> => {
    underWay.add(bundle);
    await bundle.run();
    underWay.delete(bundle);
    const { place, turn } = bundle.claims;
    free.push({ place, turn: (turn + 1) % MOST_TURNS });
    const [holder = "", ...others] = bundle.groups;
    for (const group of others) queue.leave(group);
    queue.done(holder, bundle.isLong);
    startWaiting();
  };
  const look = () => {
    for (const bundle of underWay) bundle.look();
    startWaiting();
    if (underWay.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  };
  const startWaiting = () => {
    while (!isClosed) {
      const [claims] = free.slice(-1);
      const taken = claims === undefined ? null : takeBundle(queue, expected);
      if (claims === undefined || taken === null) return;
      free.pop();
      void carry(new Bundle(threads, owner, { claims, ...taken }));
      looking ??= setInterval(look, LOOK_MS);
    }
  };
  /** Casts that were admitted together ask for their runs one after the other: behind the last, they share bundles. */
  const startSoon = () => {
    if (isGathering) return;
    isGathering = true;
    // Behind all that the promises of this turn do, and before anything new is received.
    process.nextTick(() => {
      isGathering = false;
      startWaiting();
    });
  };
  return {
    get queueDepth() {
      return queue.size;
    },
    run: async (request: RunRequest): Promise<RunResult> => {
      if (isClosed) throw new RuntimeFailed("the runtime is closed");
      if (queue.size >= maxQueue) startWaiting();
      if (queue.size >= maxQueue) throw new RuntimeBusy("the queue is full");
      const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
      const { group = request.runId } = request;
      const task = { ...request, input: exact(request.input), seed: exact(request.seed) };
      queue.push(group, { group, task, resolve, reject, losses: 0 });
      if (underWay.size === 0) startWaiting();
      else startSoon();
      return promise;
    },
    close: async () => {
      isClosed = true;
      clearInterval(looking);
      for (const run of queue.takeAll()) run.reject(new RuntimeFailed("the runtime is closed"));
      await threads.close();
    },
  };
}
