import type { Platform } from "../../context.ts";
import { createSessionKeeper } from "./lucia.ts";
import { isToken } from "./session-token.ts";

/** Ends the session of a token, if it is one: from the answer on, nothing accepts it. */
export async function signOut({ db }: Pick<Platform, "db">, token: string): Promise<void> {
  if (isToken(token)) await createSessionKeeper({ db }).invalidateSession(token);
}
