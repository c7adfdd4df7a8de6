import { eq, sql } from "drizzle-orm";
import { people } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requirePerson } from "../identity/require-person.ts";
import { NotFound } from "../../errors.ts";
import type { ChangePersonInput } from "./person-input.ts";
import { viewPerson, type PersonView } from "./person-view.ts";

/** Changes what a person chooses of themselves. @throws SessionRequired for a key; NotFound */
export async function changePerson(
  ctx: ServiceContext,
  { name, language }: ChangePersonInput,
): Promise<PersonView> {
  requirePerson(ctx);
  const [row] = await ctx.db.drizzle
    .update(people)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(language === undefined ? {} : { language }),
      updatedAt: sql`clock_timestamp()`,
    })
    .where(eq(people.accountId, ctx.actor.accountId))
    .returning();
  if (row === undefined) throw new NotFound("person_not_found");
  return viewPerson(row);
}
