import { missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import type { Kinds } from "../store/kinds.ts";

/** A customer that was not deleted. @throws Refusal */
export function getCustomer({ store }: Context, id: string, param?: string): Kinds["customer"] {
  const found = store.find("customer", id);
  if (found === null) throw missing("customer", id, param);
  return found;
}
