import type { Context } from "../context.ts";
import type { Kind, Kinds } from "../store/kinds.ts";
import type { Selection } from "../store/store.ts";
import { missing } from "./error.ts";

interface Page {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
}

export interface List<T> {
  object: "list";
  url: string;
  has_more: boolean;
  data: T[];
}

const DEFAULT_LIMIT = 10;

export const listOf = <T>(url: string, data: T[], hasMore = false): List<T> => ({
  object: "list",
  url,
  has_more: hasMore,
  data,
});

/** A page of the objects of a kind, the newest first. @throws Refusal when the cursor names none of them */
export function listPage<K extends Kind>(
  { store }: Context,
  kind: K,
  url: string,
  page: Page,
  selection: Omit<Selection, "limit" | "startingAfter" | "endingBefore"> = {},
): List<Kinds[K]> {
  for (const [param, id] of [
    ["starting_after", page.starting_after],
    ["ending_before", page.ending_before],
  ] as const)
    if (id !== undefined && !store.hasKind(kind, id)) throw missing(kind.replaceAll(/[._]/g, " "), id, param);
  const { data, hasMore } = store.page(kind, {
    ...selection,
    limit: page.limit ?? DEFAULT_LIMIT,
    startingAfter: page.starting_after,
    endingBefore: page.ending_before,
  });
  return listOf(url, data, hasMore);
}
