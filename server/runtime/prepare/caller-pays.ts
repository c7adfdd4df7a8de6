/**
 * Functions whose entry their callers pay for, together with what they pay anyway: one payment less for each call.
 *
 * That is a function which is only called, by its index, and only from places that are reached for certain once
 * something was paid in the same function: in a straight line, with no call and no operation between that pays or could
 * throw. So every call is paid for exactly once, as if the function did it, and whoever completes pays the same. A trap
 * between the payment and the call reports the entry as well.
 */
import type { ChargePlan } from "./charge-plan.ts";
import { PAYS_ELSEWHERE } from "./credit-plan.ts";
import { CREDIT } from "./policy.ts";
import type { FunctionBody, Operation } from "./read-function.ts";
import type { ModuleShape } from "./read-module.ts";

/** A call, by the place of the payment that makes it certain; null: none does. */
interface CallSite {
  readonly callee: number;
  readonly caller: number;
  readonly place: number | null;
}

/** Behind what control parts, meets or leaves, or what may pay or throw, nothing is certain any more. */
const ENDS_CERTAINTY: ReadonlySet<string> = new Set([
  ...PAYS_ELSEWHERE,
  ...["if", "else", "end", "br", "br_if", "br_table", "return", "return_call", "return_call_indirect"],
  ...["unreachable", "try", "try_table", "catch", "catch_all", "delegate"],
]);

const ENTRY = 0;

/** The direct calls in one own function, in their order. */
function callsIn(operations: readonly Operation[], charges: ChargePlan, caller: number): CallSite[] {
  const sites: CallSite[] = [];
  let place: number | null = null;
  operations.forEach(({ instruction: { name }, index }, i) => {
    if (charges.has(i)) place = i;
    if (!ENDS_CERTAINTY.has(name)) return;
    if (name === "call" || name === "return_call") sites.push({ callee: index, caller, place });
    place = null;
  });
  return sites;
}

/** Own functions that somebody else may enter: the host, a table, whoever holds a reference. */
function enteredOtherwise({ exports, referenced, start }: ModuleShape): Set<number> {
  const entered = new Set(referenced);
  for (const { kind, index } of exports) if (kind === "function") entered.add(index);
  if (start !== null) entered.add(start);
  return entered;
}

/** Moves what such functions pay at their entry to their callers; gives the plans of all own functions. */
export function letCallersPay(
  shape: ModuleShape,
  bodies: readonly FunctionBody[],
  plans: readonly ChargePlan[],
): readonly ChargePlan[] {
  const imported = shape.imports.length;
  const entryOf = (callee: number) => plans[callee - imported]?.get(ENTRY) ?? 0;
  const sites = bodies.flatMap(({ operations }, own) =>
    callsIn(operations, plans[own] ?? new Map<number, number>(), own),
  );
  const others = enteredOtherwise(shape);
  const isUncertain = new Set(sites.filter(({ place }) => place === null).map(({ callee }) => callee));
  const mayMove = (callee: number) =>
    callee >= imported && !others.has(callee) && !isUncertain.has(callee) && entryOf(callee) < CREDIT;
  // What an entry costs must not depend on what other entries cost.
  const isInEntry = new Set(
    sites
      .filter(({ caller, place }) => place === ENTRY && mayMove(caller + imported))
      .map(({ callee }) => callee),
  );
  const changed = new Map<number, Map<number, number>>();
  const change = (own: number): Map<number, number> => {
    const plan = changed.get(own) ?? new Map(plans[own]);
    changed.set(own, plan);
    return plan;
  };
  for (const { callee, caller, place } of sites) {
    if (place === null || !mayMove(callee) || isInEntry.has(callee)) continue;
    const plan = change(caller);
    plan.set(place, (plan.get(place) ?? 0) + entryOf(callee));
    change(callee - imported).delete(ENTRY);
  }
  return plans.map((plan, own) => changed.get(own) ?? plan);
}
