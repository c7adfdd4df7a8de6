const LEAST_MICROS = 10_000;

/** The top of an axis of money: 1, 2 or 5 with zeros, at least a cent, and not below any of the amounts. */
export function topOf(amountsMicros: readonly number[]): number {
  const most = Math.max(LEAST_MICROS, ...amountsMicros);
  const unit = 10 ** Math.floor(Math.log10(most));
  return unit * ([1, 2, 5].find((step) => step * unit >= most) ?? 10);
}

/** The days of the month that ends on this one, as dates. */
export function daysUntil(last: string): string[] {
  const count = Number(last.slice(-2));
  return Array.from({ length: count }, (_, i) => `${last.slice(0, -2)}${String(i + 1).padStart(2, "0")}`);
}

/** Which days have their number below the axis: every fifth, and today in the place of those beside it. */
export const isNumbered = (day: number, today: number): boolean =>
  day === today || ((day === 1 || day % 5 === 0) && Math.abs(day - today) > 2);
