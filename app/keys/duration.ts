import type { Language } from "../language/translated.ts";

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** A time span in words, in the largest unit of which it is a whole number; one day is 24 hours. */
export function durationIn(language: Language, seconds: number): string {
  const [name, size] = UNITS.find(
    ([unit, each]) => seconds % each === 0 && (unit !== "day" || seconds > each),
  ) ?? ["second", 1];
  return new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(
    seconds / size,
  );
}
