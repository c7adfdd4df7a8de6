import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("every setting that is read is documented, and nothing else is", () => {
  const names = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ""))].sort();
  const known = names(read("./config.ts"), /^ +([A-Z][A-Z0-9_]+): /gm);
  const documented = names(read("../docs/configuration.md"), /`([A-Z][A-Z0-9_]+)`/g);
  expect(known.length).toBeGreaterThan(20);
  expect(documented.filter((name) => name !== "DEV_DIR")).toEqual(known);
});
