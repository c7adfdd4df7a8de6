import { z } from "zod";
import type { people } from "../../../drizzle/schema/index.ts";
import { LANGUAGES } from "../../context.ts";

/** A person as they see themselves. */
export const personView = z.object({
  user_id: z.string(),
  login: z.string().describe("At GitHub."),
  name: z.string().nullable(),
  email: z.string(),
  language: z.enum(LANGUAGES),
  terms_version: z.string(),
  created_at: z.iso.datetime(),
});

export type PersonView = z.output<typeof personView>;

export const viewPerson = (row: typeof people.$inferSelect): PersonView => ({
  user_id: row.accountId,
  login: row.login,
  name: row.name,
  email: row.email,
  language: row.language,
  terms_version: row.termsVersion,
  created_at: row.createdAt.toISOString(),
});
