import loadWabt from "wabt";

const tools = await loadWabt();
const FEATURES = {
  exceptions: true,
  tail_call: true,
  threads: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
  function_references: true,
  gc: true,
};

/** The text is not one that the assembler reads. */
export class UnreadableText extends Error {
  override readonly name = "UnreadableText";
}

/** Assembles a module; checks only what is needed to write it. @throws UnreadableText */
export function readWat(text: string): Uint8Array<ArrayBuffer> {
  let module: ReturnType<typeof tools.parseWat>;
  try {
    // The assembler takes each character for a byte.
    module = tools.parseWat("module.wat", Buffer.from(text).toString("latin1"), FEATURES);
  } catch (error) {
    throw new UnreadableText(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown");
  }
  try {
    return Uint8Array.from(module.toBinary({}).buffer);
  } catch (error) {
    throw new UnreadableText(error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown");
  } finally {
    module.destroy();
  }
}
