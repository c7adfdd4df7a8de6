import type { PortalContext } from "../../server/trpc/portal-context.ts";

type Billing = PortalContext["caller"]["billing"];
export type Invoice = Awaited<ReturnType<Billing["invoices"]>>["data"][number];
export type Overdue = Awaited<ReturnType<Billing["accountState"]>>["overdue"];

const MICROS_PER_CENT = 10_000;

/** What is due before it was rounded to whole cents, in micros. */
export const exactDueMicros = ({ due_cents, carried_out_micros }: Invoice): number =>
  due_cents * MICROS_PER_CENT + carried_out_micros;

/** Any moment of a month, as formats take it. */
export const momentOf = (month: string): string => `${month}-01T00:00:00Z`;

/** The history of a spell's casts in a month. */
export function castsOf(spell: string, month: string): string {
  const next = new Date(momentOf(month));
  next.setUTCMonth(next.getUTCMonth() + 1);
  // The day before the first is the last of the month before.
  next.setUTCDate(0);
  const query = new URLSearchParams({ spell, from: `${month}-01`, to: next.toISOString().slice(0, 10) });
  return `/dashboard/casts?${query.toString()}`;
}
