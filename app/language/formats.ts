import type { Language } from "./translated.ts";

const MICROS_PER_DOLLAR = 1_000_000;
const CENTS_PER_DOLLAR = 100;

/** How a language writes what pages show. Times are UTC, as the days and months that are billed. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly percent: (ratio: number) => string;
  /** Exact: as many digits after the point as the amount has, at least two. */
  readonly micros: (micros: number) => string;
  readonly cents: (cents: number) => string;
  readonly milliseconds: (ms: number) => string;
  readonly day: (iso: string) => string;
  readonly month: (iso: string) => string;
  readonly dayAndTime: (iso: string) => string;
}

function make(language: Language): Formats {
  const dollars = (maximumFractionDigits: number) =>
    new Intl.NumberFormat(language, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: 2,
      maximumFractionDigits,
    });
  const [exact, whole] = [dollars(6), dollars(2)];
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const months = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" });
  const times = new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  });
  return {
    number: (value) => numbers.format(value),
    percent: (ratio) => percents.format(ratio),
    micros: (micros) => exact.format(micros / MICROS_PER_DOLLAR),
    cents: (cents) => whole.format(cents / CENTS_PER_DOLLAR),
    milliseconds: (ms) => `${tenths.format(ms)} ms`,
    day: (iso) => days.format(new Date(iso)),
    month: (iso) => months.format(new Date(iso)),
    dayAndTime: (iso) => `${times.format(new Date(iso))} UTC`,
  };
}

/** Made once for each language: making them takes longer than using them. */
const made: Readonly<Record<Language, Formats>> = { en: make("en"), ja: make("ja") };

export const formatsOf = (language: Language): Formats => made[language];
