import { z } from "zod";
import { defineEndpoint, type Endpoint } from "../api/endpoint.ts";
import { pageParameters, text } from "../api/parameters.ts";
import type { Kind } from "../store/kinds.ts";
import { matches } from "./matches.ts";
import { readQuery, type Query } from "./read-query.ts";

const DEFAULT_LIMIT = 10;

/** The metadata by which the index finds candidates: a clause that every result must meet. */
function keyOf({ clauses, join }: Query): readonly [string, string] | null {
  if (join === "or" && clauses.length > 1) return null;
  for (const { path, operator, value, isNegated } of clauses) {
    const [field, name] = path;
    if (field === "metadata" && name !== undefined && operator === ":" && value !== null && !isNegated)
      return [name, String(value)];
  }
  return null;
}

/** Searches the objects of a kind; a page names the position of the next one. */
export const searchEndpoint = (kind: Kind, path: string): Endpoint =>
  defineEndpoint({
    method: "GET",
    path,
    parameters: z.strictObject({ query: text, limit: pageParameters.limit, page: text.optional() }),
    run: ({ index, store }, { query: asked, limit = DEFAULT_LIMIT, page }) => {
      const query = readQuery(asked);
      const start = Number(page ?? 0) || 0;
      const found = index.candidates(kind, keyOf(query)).filter((document) => matches(document, query));
      const end = start + limit;
      const hasMore = found.length > end;
      // Found by what it was, shown as it is.
      const data = found.slice(start, end).map((document) => store.find(kind, document.id) ?? document);
      return {
        object: "search_result",
        url: path,
        has_more: hasMore,
        next_page: hasMore ? String(end) : null,
        data,
      };
    },
  });
