import type { Formats } from "../language/formats.ts";
import type { messages } from "./spell.messages.ts";

interface Price {
  readonly flat_micros: number;
  readonly rate_micros_per_million_fuel: number;
}

const MILLION = 1_000_000n;

/** A price in words; nothing of it is rounded. */
export function priceInWords(
  text: (typeof messages)["en"],
  { micros }: Formats,
  { flat_micros: flat, rate_micros_per_million_fuel: rate }: Price,
): string {
  if (rate === 0) return flat === 0 ? text.free : text.flat(micros(flat));
  return flat === 0 ? text.metered(micros(rate)) : text.flatAndMetered(micros(flat), micros(rate));
}

/** What a cast costs that uses all its fuel: flat + ceil(fuel x rate per million), which no float can hold on the way. */
export function mostMicros(
  { flat_micros: flat, rate_micros_per_million_fuel: rate }: Price,
  fuel: number,
): number {
  return flat + Number((BigInt(fuel) * BigInt(rate) + MILLION - 1n) / MILLION);
}
