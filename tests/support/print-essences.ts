/** A process that runs every program once and prints, for each, the digest of what it prepared and the run's essence. */
import { essence, PROGRAMS } from "./deterministic-programs.ts";
import { prepare, runHere } from "./sandbox.ts";

const lines = PROGRAMS.map(({ wat, options }) => [
  prepare(wat).preparedDigest,
  essence(runHere(wat, options)),
]);
process.stdout.write(JSON.stringify(lines));
