import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import type { Kinds } from "../store/kinds.ts";

type Session = Kinds["checkout.session"];

function end(context: Context, session: Session, status: "complete" | "expired"): Session {
  context.tasks.drop("expire-session", session.id);
  const { object } = change(context, "checkout.session", session, { status, url: null });
  emit(context, status === "complete" ? "checkout.session.completed" : "checkout.session.expired", object);
  return object;
}

/** Its card is set up: the session whose setup intent that was, if there is one, is complete. */
export function completeSessionOf(context: Context, setupIntent: string): void {
  for (const session of context.store.allOf("checkout.session", setupIntent))
    if (session.status === "open") end(context, session, "complete");
}

/** Ends an open session without a card. */
export const expireSession = (context: Context, session: Session): Session =>
  session.status === "open" ? end(context, session, "expired") : session;
