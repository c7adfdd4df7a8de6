import { eq } from "drizzle-orm";
import { people } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { viewPerson, type PersonView } from "./person-view.ts";

/** The person whose account this is. @throws NotFound for an account of the platform itself */
export async function getPerson(ctx: ServiceContext): Promise<PersonView> {
  requireScope(ctx, "read");
  const [row] = await ctx.db.drizzle.select().from(people).where(eq(people.accountId, ctx.actor.accountId));
  if (row === undefined) throw new NotFound("person_not_found");
  return viewPerson(row);
}
