/** A spell of which one cast costs more than half of a limit of $100. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { make, projectFolder } from "../../support/stack.ts";

export const DEAR_SPELL = { name: "dear-echo", dollars: 60 };
const MICROS_PER_DOLLAR = 1_000_000;

/** Publishes it as makers do. */
export async function publishDearSpell(devDir: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "spell-dear-"));
  try {
    cpSync(join(projectFolder, "spells/echo"), folder, { recursive: true });
    const file = join(folder, "spell.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    const price = { model: "flat", flat_micros: DEAR_SPELL.dollars * MICROS_PER_DOLLAR };
    writeFileSync(file, JSON.stringify({ ...manifest, name: DEAR_SPELL.name, key: "test.dear-echo", price }));
    const publishing = make(["publish", `DIR=${folder}`], devDir);
    if ((await publishing.exited) !== 0) throw new Error(publishing.output());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
