import { ApiVersion } from "./api-version.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { Kind, Kinds, StripeObject } from "../store/kinds.ts";

/** Remembers that something happened, with the object as it is now, and tells the webhook of it. */
export function emit(
  { store, clock, outbox, cause }: Context,
  type: string,
  object: object,
  previous?: Readonly<Record<string, unknown>>,
): void {
  const id = newId("evt");
  store.put(
    "event",
    {
      id,
      object: "event",
      api_version: ApiVersion,
      created: clock.nowS,
      data: { object, ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 0,
      request: cause,
      // The types of Stripe's package list the names it knows; this one is among them or newer.
      type: type as Kinds["event"]["type"],
    },
    type,
  );
  outbox.add(id, type);
}

/** The members of an object that are others now, as they were. */
function differences(before: StripeObject, after: StripeObject): Readonly<Record<string, unknown>> {
  const now = new Map<string, unknown>(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  );
}

/** Writes an object that was not there before. */
export function create<K extends Kind>(
  context: Context,
  kind: K,
  object: Kinds[K] & { id: string },
  owner: string | null = null,
): Kinds[K] {
  context.store.put(kind, object, owner);
  context.index.note(kind, object.id);
  return object;
}

/** Changes members of an object, and gives it with what they were before. */
export function change<K extends Kind>(
  context: Context,
  kind: K,
  before: Kinds[K] & { id: string },
  changes: Partial<Kinds[K]>,
): { readonly object: Kinds[K]; readonly previous: Readonly<Record<string, unknown>> } {
  const after = { ...before, ...changes };
  context.store.put(kind, after);
  context.index.note(kind, before.id);
  return { object: after, previous: differences(before, after) };
}
