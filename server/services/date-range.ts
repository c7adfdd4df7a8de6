/** Spans of UTC days, as callers name them: both ends belong to the span. */
import { z } from "zod";

export const utcDay = z.iso.date().describe("A UTC day, `YYYY-MM-DD`.");

const DAY_MS = 86_400_000;

/** How many days a span has; 0 or less when its end is before its start. */
export const daysIn = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
