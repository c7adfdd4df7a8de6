import { sql } from "drizzle-orm";
import { sessions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { sessionDigest } from "./authenticate.ts";

const SESSION_DAYS = 30;

/** Signs an account in for 30 days. The token is given once, here; the table keeps its digest. */
export async function createSession(
  { db, random }: Pick<Platform, "db" | "random">,
  accountId: string,
): Promise<{ token: string }> {
  const token = Buffer.from(random.bytes(32)).toString("base64url");
  await db.drizzle.insert(sessions).values({
    tokenDigest: sessionDigest(token),
    accountId,
    expiresAt: sql`clock_timestamp() + ${SESSION_DAYS}::integer * interval '1 day'`,
  });
  return { token };
}
