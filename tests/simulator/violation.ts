/** What the simulator found: something that must never happen, happened. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** Throws unless it holds. */
export function hold(condition: boolean, sentence: () => string): asserts condition {
  if (!condition) throw new Violation(sentence());
}
