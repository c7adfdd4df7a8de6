import type { Caller } from "../../server/trpc/router.ts";

/** A key as the list shows it: never its secret. */
export type Key = Awaited<ReturnType<Caller["keys"]["list"]>>[number];
export type Scope = Key["scopes"][number];

/** In the order in which the form asks for them. */
export const SCOPES = [
  "cast",
  "read",
  "budgets",
  "keys",
  "billing",
  "spells",
] as const satisfies readonly Scope[];

export const KEYS_PATH = "/dashboard/api-keys";

/** The pages that act on one key. */
export const keyPath = (prefix: string, act: "change" | "rotate" | "revoke"): string =>
  `${KEYS_PATH}/${prefix}/${act}`;

/** The key whose newest prefix this is; null when there is none, or it was revoked or rotated since. */
export async function findKey(caller: Caller, prefix: string | undefined): Promise<Key | null> {
  const keys = await caller.keys.list();
  return keys.find((key) => key.prefix === prefix) ?? null;
}
