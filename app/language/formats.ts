import type { Language } from "./translated.ts";

const MICROS_PER_DOLLAR = 1_000_000;
const CENTS_PER_DOLLAR = 100;
const MILLISECONDS_PER_SECOND = 1_000;
const MICROS_DIGITS = 6;

/** How many digits after the point an amount needs, beyond the two it always has. */
function digitsOf(micros: number): number {
  let [digits, rest] = [MICROS_DIGITS, micros];
  for (; digits > 2 && rest % 10 === 0; digits--) rest /= 10;
  return digits;
}

/** How a language writes what pages show. Times are UTC, as the days and months that are billed. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly percent: (ratio: number) => string;
  /** Exact: as many digits after the point as the amount has, at least two. */
  readonly micros: (micros: number) => string;
  readonly cents: (cents: number) => string;
  /** The same for a column: all amounts with as many digits as the longest one needs. */
  readonly microsIn: (column: readonly number[]) => (micros: number) => string;
  readonly milliseconds: (ms: number) => string;
  readonly seconds: (ms: number) => string;
  readonly day: (iso: string) => string;
  readonly month: (iso: string) => string;
  readonly dayAndTime: (iso: string) => string;
}

function make(language: Language): Formats {
  const dollars = (maximumFractionDigits: number, minimumFractionDigits = 2) =>
    new Intl.NumberFormat(language, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits,
      maximumFractionDigits,
    });
  const [exact, whole] = [dollars(MICROS_DIGITS), dollars(2)];
  /** By digits after the point; made when first needed. */
  const columns = new Map<number, Intl.NumberFormat>();
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const spans = new Intl.NumberFormat(language, { style: "unit", unit: "second", unitDisplay: "long" });
  const date = { year: "numeric", month: "short", day: "numeric" } as const;
  const days = new Intl.DateTimeFormat(language, { ...date, timeZone: "UTC" });
  const months = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" });
  const times = new Intl.DateTimeFormat(language, {
    ...date,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  });
  return {
    number: (value) => numbers.format(value),
    percent: (ratio) => percents.format(ratio),
    micros: (micros) => exact.format(micros / MICROS_PER_DOLLAR),
    microsIn: (column) => {
      const digits = Math.max(2, ...column.map(digitsOf));
      const aligned = columns.get(digits) ?? dollars(digits, digits);
      columns.set(digits, aligned);
      return (micros) => aligned.format(micros / MICROS_PER_DOLLAR);
    },
    cents: (cents) => whole.format(cents / CENTS_PER_DOLLAR),
    milliseconds: (ms) => `${tenths.format(ms)} ms`,
    seconds: (ms) => spans.format(ms / MILLISECONDS_PER_SECOND),
    day: (iso) => days.format(new Date(iso)),
    month: (iso) => months.format(new Date(iso)),
    dayAndTime: (iso) => `${times.format(new Date(iso))} UTC`,
  };
}

/** Made once for each language: making them takes longer than using them. */
const made: Readonly<Record<Language, Formats>> = { en: make("en"), ja: make("ja") };

export const formatsOf = (language: Language): Formats => made[language];
