import { and, arrayContains, asc, desc, eq, gt, ilike, or } from "drizzle-orm";
import { z } from "zod";
import { spells, spellVersions } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { cutPage, pageInput, readCursor, type Page } from "../paging.ts";
import { spellName } from "./manifest.ts";
import { viewSpell, type SpellView } from "./spell-view.ts";

export const listSpellsInput = pageInput.extend({
  q: z.string().max(100).optional().describe("Part of a name, key or description; case does not matter."),
  tag: spellName.optional().describe("Only spells with this tag."),
});

export type ListSpellsInput = z.output<typeof listSpellsInput>;

const cursorParts = z.tuple([z.string()]);
const pattern = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** The grimoire's active spells by name, each with its newest active version. Open to everybody. */
export async function listSpells(
  { db }: Pick<Platform, "db">,
  input: ListSpellsInput,
): Promise<Page<SpellView>> {
  const [after] = input.cursor === undefined ? [undefined] : readCursor(input.cursor, cursorParts);
  // Postgres text cannot hold a NUL, and no spell's text has one.
  const words = input.q?.replaceAll("\u0000", "");
  const rows = await db.drizzle
    .selectDistinctOn([spells.name], { spell: spells, version: spellVersions })
    .from(spells)
    .innerJoin(spellVersions, and(eq(spellVersions.spellId, spells.id), eq(spellVersions.isActive, true)))
    .where(
      and(
        eq(spells.isActive, true),
        after === undefined ? undefined : gt(spells.name, after),
        words === undefined || words === ""
          ? undefined
          : or(
              ilike(spells.name, pattern(words)),
              ilike(spells.key, pattern(words)),
              ilike(spells.description, pattern(words)),
            ),
        input.tag === undefined ? undefined : arrayContains(spells.tags, [input.tag]),
      ),
    )
    .orderBy(asc(spells.name), desc(spellVersions.ordinal))
    .limit(input.limit + 1);
  return cutPage(
    rows,
    input.limit,
    (row) => viewSpell(row.spell, row.version),
    (row) => [row.spell.name],
  );
}
