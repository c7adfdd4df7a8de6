/** V8's sentences for traps, in the specification's words. Callers see these, so an engine's wording never leaks. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^unreachable/, "unreachable"],
  [/memory access out of bounds/, "out of bounds memory access"],
  [/table index is out of bounds|table access|element segment/, "out of bounds table access"],
  [/divide by zero|remainder by zero/, "integer divide by zero"],
  [/divide result unrepresentable/, "integer overflow"],
  [/float unrepresentable/, "invalid conversion to integer"],
  [/null function or function signature mismatch|signature mismatch/, "indirect call type mismatch"],
  [/dereferencing a null pointer|null reference/, "null reference"],
  [/data segment/, "out of bounds memory access"],
];

/** The trap an engine's message stands for. */
export const trapName = (message: string): string =>
  NAMES.find(([pattern]) => pattern.test(message))?.[1] ?? "trap";
