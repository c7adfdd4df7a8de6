import { expect, test } from "vitest";
import { builtModule, readManifest } from "../tests/support/sample-spell.ts";
import { buildSpell, sampleNames } from "./build.ts";

/** The compiler of C is itself a WebAssembly program of 100 MB. */
const COMPILING_MS = 300_000;
const NAMES = await sampleNames();

test("the samples are those that the product is shown with", () => {
  expect(NAMES).toEqual(["echo", "qr-code", "sha256", "text-stats"]);
});

test.each(NAMES)("%s has a valid manifest that names it and its module", async (name) => {
  expect(await readManifest(name)).toMatchObject({ name, key: `dev.spell.${name}`, module: `${name}.wasm` });
});

test.each(NAMES)(
  "%s, built from its source, is byte for byte the module that is kept",
  async (name) => {
    const [built, kept] = [Buffer.from(await buildSpell(name)), await builtModule(name)];
    expect(built.equals(kept), `${built.length} bytes built, ${kept.length} kept`).toBe(true);
  },
  COMPILING_MS,
);
