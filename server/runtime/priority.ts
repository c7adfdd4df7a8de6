/**
 * How much of a busy processor each thread gets. All are below the thread that answers everybody, which must go on when
 * every program is busy, and one whose run takes long is below the others. Only Linux has a priority for each thread.
 */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

const SHORT_NICENESS = 5;
const LONG_NICENESS = 15;

/** The kernel's number of the calling thread, which is now below the main one; null where threads have none. */
export function lowerThisThread(): number | null {
  try {
    const kernelId = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(kernelId, SHORT_NICENESS);
    return kernelId;
  } catch {
    return null;
  }
}

/** Lowers threads, and raises them again. */
export interface Priorities {
  readonly lower: (kernelId: number) => void;
  readonly raise: (kernelId: number) => void;
}

type Set = (kernelId: number, niceness: number) => void;

/** Raising needs a privilege (CAP_SYS_NICE, or a limit of `nice`): where it is missing, no second thread is lowered. */
export function createPriorities(set: Set = setPriority): Priorities {
  let canRaise = true;
  const tried = (kernelId: number, niceness: number): boolean => {
    try {
      set(kernelId, niceness);
      return true;
    } catch {
      return false;
    }
  };
  return {
    lower: (kernelId) => {
      canRaise &&= tried(kernelId, LONG_NICENESS);
    },
    raise: (kernelId) => {
      canRaise &&= tried(kernelId, SHORT_NICENESS);
    },
  };
}
