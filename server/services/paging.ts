/** Lists are `{data, next_cursor}`: a cursor is opaque to callers and says after which row to go on. */
import { z } from "zod";
import { InvalidRequest } from "../errors.ts";

export const pageInput = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(500).optional().describe("`next_cursor` of the page before."),
});

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable().describe("Null on the last page.") });

export interface Page<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

export const writeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** Reads a cursor of ours back. @throws InvalidRequest for anything that is not one */
export function readCursor<Parts extends z.ZodType>(cursor: string, parts: Parts): z.output<Parts> {
  try {
    return parts.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw new InvalidRequest([{ field: "cursor", message: "is not a cursor this list gave" }]);
  }
}

/** Cuts a page out of rows read one beyond its limit. */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursorOf: (row: Row) => readonly string[],
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data: shown.map(view), next_cursor: hasMore ? writeCursor(cursorOf(last)) : null };
}
