import type { Platform } from "../../context.ts";
import { createSessionKeeper } from "./lucia.ts";
import { makeToken } from "./session-token.ts";

/** Longer names of browsers tell nobody more. */
const USER_AGENT_CHARACTERS = 200;

/**
 * Signs a person in. The token is given once, here, and is always a new one, whatever the browser presented before; the
 * table keeps its digest. `userAgent` is what tells people their sessions apart.
 */
export async function createSession(
  { db, random }: Pick<Platform, "db" | "random">,
  accountId: string,
  userAgent: string | null = null,
): Promise<{ token: string }> {
  const token = makeToken(random);
  await createSessionKeeper({ db }).createSession({
    userId: accountId,
    sessionId: token,
    attributes: { user_agent: userAgent?.slice(0, USER_AGENT_CHARACTERS) ?? null },
  });
  return { token };
}
