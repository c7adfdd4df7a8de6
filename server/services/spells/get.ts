import { and, desc, eq, or } from "drizzle-orm";
import { z } from "zod";
import { spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { spellKey, spellName } from "./manifest.ts";
import { viewSpellDetail, type SpellDetailView } from "./spell-view.ts";

/** A spell is named by its name or its key, wherever one is named. */
export const spellReference = z
  .union([spellName, spellKey], { error: "the name or the reverse-DNS key of a spell" })
  .describe("The name or the reverse-DNS key of a spell.");

/** One active spell by name or key. Open to everybody. @throws NotFound */
export async function getSpell({ db }: Pick<Platform, "db">, nameOrKey: string): Promise<SpellDetailView> {
  const rows = await db.drizzle
    .select({ spell: spells, version: spellVersions })
    .from(spells)
    .innerJoin(spellVersions, and(eq(spellVersions.spellId, spells.id), eq(spellVersions.isActive, true)))
    .where(and(eq(spells.isActive, true), or(eq(spells.name, nameOrKey), eq(spells.key, nameOrKey))))
    .orderBy(desc(spellVersions.ordinal));
  const [newest] = rows;
  if (newest === undefined) throw new NotFound("spell_not_found");
  return viewSpellDetail(
    newest.spell,
    newest.version,
    rows.map((row) => row.version),
  );
}
