import { expect, test } from "vitest";
import { GrantExceeded, InsufficientScope } from "../../errors.ts";
import { checkGrant, NO_GRANT, type Grant } from "./authority.ts";

const SCOPE_SETS = [[], ["cast"], ["read"], ["keys"], ["cast", "read"], ["cast", "read", "keys"]];
const LIMITS = [null, 0, 5, 7];
const ENDS = [null, new Date(1_000), new Date(2_000)];

const GRANTS: readonly Grant[] = SCOPE_SETS.flatMap((scopes) =>
  LIMITS.flatMap((monthlyLimitMicros) =>
    ENDS.map((expiresAt) => ({ scopes, monthlyLimitMicros, expiresAt })),
  ),
);

function isAllowed(own: Grant, before: Grant, after: Grant): boolean {
  try {
    checkGrant(own, before, after);
    return true;
  } catch (error) {
    if (error instanceof GrantExceeded || error instanceof InsufficientScope) return false;
    throw error;
  }
}

/** What a month can cost at most by such a key. */
const mostOf = ({ scopes, monthlyLimitMicros }: Grant) =>
  scopes.includes("cast") ? (monthlyLimitMicros ?? Infinity) : 0;
const endOf = ({ expiresAt }: Grant) => expiresAt?.getTime() ?? Infinity;
const isWithin = (inner: Grant, outer: Grant) =>
  inner.scopes.every((scope) => outer.scopes.includes(scope)) &&
  mostOf(inner) <= mostOf(outer) &&
  endOf(inner) <= endOf(outer);

test("whoever changes itself ends within what it had", () => {
  for (const own of GRANTS)
    for (const after of GRANTS) expect(isAllowed(own, own, after)).toBe(isWithin(after, own));
});

test("to take away is always allowed", () => {
  for (const own of GRANTS)
    for (const before of GRANTS)
      for (const after of GRANTS)
        if (isWithin(after, before) && !isAllowed(own, before, after))
          expect.fail(JSON.stringify({ own, before, after }));
});

test("a new key is within its maker, and only who spends without a limit makes one that spends", () => {
  let made = 0;
  for (const own of GRANTS)
    for (const after of GRANTS) {
      const expected = isWithin(after, own) && (mostOf(after) === 0 || mostOf(own) === Infinity);
      expect(isAllowed(own, NO_GRANT, after)).toBe(expected);
      made += Number(expected);
    }
  expect(made).toBeGreaterThan(GRANTS.length);
});

test("no chain of makings and changes lets more be spent than its first key could", () => {
  const limited = GRANTS.filter((own) => mostOf(own) < Infinity);
  for (const own of limited) {
    const reachable = GRANTS.filter((key) => isAllowed(own, NO_GRANT, key));
    expect(reachable.every((key) => mostOf(key) === 0)).toBe(true);
    for (const key of reachable)
      for (const after of GRANTS)
        if (isAllowed(own, key, after) || isAllowed(key, key, after)) expect(mostOf(after)).toBe(0);
  }
});
