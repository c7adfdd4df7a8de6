import { invalidRequest } from "../api/error.ts";

/** One condition of a query, in Stripe's search language. */
export interface Clause {
  /** The path to a member; metadata have their name as a second part. */
  readonly path: readonly [string, ...string[]];
  readonly operator: ":" | "~" | ">" | ">=" | "<" | "<=";
  readonly value: string | number | null;
  readonly isNegated: boolean;
}

export interface Query {
  readonly clauses: readonly Clause[];
  readonly join: "and" | "or";
}

const QUOTED = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const CLAUSE = new RegExp(
  `^\\s*(-)?([a-z_.]+)(?:\\[(${QUOTED})\\])?(:|~|>=|<=|>|<)(${QUOTED}|null|-?\\d+)\\s*`,
  "i",
);
const JOIN = /^(and|or)\s+/i;

const refuse = (query: string) =>
  invalidRequest(
    `We were unable to parse your search query: '${query}'. Refer to https://stripe.com/docs/search#search-query-language.`,
    { param: "query" },
  );

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, "$1");

function valueOf(text: string): string | number | null {
  if (/^null$/i.test(text)) return null;
  return /^-?\d+$/.test(text) ? Number(text) : unquoted(text);
}

function readClause(text: string): { readonly clause: Clause; readonly length: number } | null {
  const found = CLAUSE.exec(text);
  if (found === null) return null;
  const [whole, minus, field = "", member, operator = ":", value = ""] = found;
  const path: Clause["path"] = member === undefined ? [field] : [field, unquoted(member)];
  return {
    // The expression lets these operators through alone.
    clause: {
      path,
      operator: operator as Clause["operator"],
      value: valueOf(value),
      isNegated: minus === "-",
    },
    length: whole.length,
  };
}

/** @throws Refusal when it is none, or mixes AND and OR */
export function readQuery(query: string): Query {
  const clauses: Clause[] = [];
  const joins = new Set<string>();
  for (let rest = query; ;) {
    const read = readClause(rest);
    if (read === null) throw refuse(query);
    clauses.push(read.clause);
    rest = rest.slice(read.length);
    if (rest === "") break;
    // Two clauses with nothing between them are joined by AND.
    const [whole, word = "and"] = JOIN.exec(rest) ?? [""];
    joins.add(word.toLowerCase());
    rest = rest.slice(whole.length);
  }
  if (joins.size > 1) throw refuse(query);
  return { clauses, join: joins.has("or") ? "or" : "and" };
}
