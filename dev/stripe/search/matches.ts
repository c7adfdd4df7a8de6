import type { Clause, Query } from "./read-query.ts";

function memberOf(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : null,
    document,
  );
}

const isSameText = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function holds(document: object, { path, operator, value }: Clause): boolean {
  const found = memberOf(document, path);
  const member = typeof found === "string" || typeof found === "number" ? String(found) : null;
  if (value === null || member === null) return member === value && operator === ":";
  switch (operator) {
    case ":":
      // Metadata are compared letter by letter, names and addresses in any case of their letters.
      return path[0] === "metadata" ? member === String(value) : isSameText(member, String(value));
    case "~":
      return member.toLowerCase().includes(String(value).toLowerCase());
    case ">":
      return Number(member) > Number(value);
    case ">=":
      return Number(member) >= Number(value);
    case "<":
      return Number(member) < Number(value);
    case "<=":
      return Number(member) <= Number(value);
  }
}

/** Does a document meet a query? */
export function matches(document: object, { clauses, join }: Query): boolean {
  const meets = (clause: Clause) => holds(document, clause) !== clause.isNegated;
  return join === "or" ? clauses.some(meets) : clauses.every(meets);
}
