import type { Actor, Scope } from "../../context.ts";
import { InsufficientScope } from "../../errors.ts";

/** The first line of every verb that acts for somebody. @throws InsufficientScope */
export function requireScope({ actor }: { actor: Actor }, scope: Scope): void {
  if (!actor.scopes.includes(scope)) throw new InsufficientScope(scope);
}
