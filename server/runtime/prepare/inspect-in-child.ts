/** Looks at a module away from everything else, and prepares it as publishing does, to say whether it would be taken. */
import { fileURLToPath } from "node:url";
import { ModuleRefused } from "../types.ts";
import { moduleDetails, type ModuleDetails } from "./inspect-module.ts";
import { PROOF_LIMITS, runLimited } from "./limited-child.ts";
import { prepareInChild, type ChildPolicy } from "./prepare-in-child.ts";

export interface Inspection extends ModuleDetails {
  readonly bytes: number;
  /** Null when the module would be refused. */
  readonly preparedBytes: number | null;
  readonly refusedBecause: string | null;
}

const NOTHING_READ: ModuleDetails = {
  imports: [],
  exports: [],
  memoryPages: null,
  tableEntries: 0,
  globals: 0,
  dataBytes: 0,
  features: [],
  functions: [],
};

const script = fileURLToPath(new URL("./inspect-child.ts", import.meta.url));

/** What a refusal leaves to say. @throws whatever is no refusal */
function unlessRefused<Result>(instead: (why: string) => Result): (error: unknown) => Result {
  return (error) => {
    if (!(error instanceof ModuleRefused)) throw error;
    return instead(error.message);
  };
}

/** Inspects a module; of one that cannot be read within the limits it only says why. */
export async function inspectInChild(
  bytes: Uint8Array,
  policy: ChildPolicy,
  limits = PROOF_LIMITS,
): Promise<Inspection> {
  const [verdict, details] = await Promise.all([
    prepareInChild(bytes, policy, limits).then(
      ({ prepared }) => ({ preparedBytes: prepared.length, refusedBecause: null }),
      unlessRefused((refusedBecause) => ({ preparedBytes: null, refusedBecause })),
    ),
    runLimited(script, [], bytes, limits).then(
      (output) => moduleDetails.nullable().parse(JSON.parse(output.toString())) ?? NOTHING_READ,
      unlessRefused(() => NOTHING_READ),
    ),
  ]);
  return { bytes: bytes.length, ...verdict, ...details };
}
