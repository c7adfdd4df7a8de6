/** Two local stacks on one database, each with a web process and a worker of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { interrupt, make, newDevDir, removeDevDir, startStack, type Stack } from "./stack.ts";
import { assemble } from "./wat.ts";

export interface TwoStacks {
  readonly first: Stack;
  readonly second: Stack;
  /** Publishes a program in the text format to both. */
  publish(name: string, wat: string, options: { cents: number; wallMs: number }): Promise<void>;
  stop(): Promise<void>;
}

async function publish(
  devDir: string,
  name: string,
  wat: string,
  { cents, wallMs }: { cents: number; wallMs: number },
): Promise<void> {
  const folder = join(devDir, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "m.wasm"), assemble(wat));
  const manifest = {
    name,
    key: `test.${name}`,
    version: "1.0.0",
    description: "A program of a test.",
    module: "m.wasm",
    price: { model: "flat", flat_micros: cents * 10_000 },
    limits: { fuel: 100_000_000_000, memory_bytes: 65_536, wall_ms: wallMs },
    input: { schema: true },
    output: { content_type: "application/json" },
  };
  writeFileSync(join(folder, "spell.json"), JSON.stringify(manifest));
  const published = make(["publish", `DIR=${folder}`], devDir);
  expect([await published.exited, published.output()]).toEqual([0, expect.stringContaining("Published")]);
}

/** Starts both; Postgres belongs to the first. */
export async function startTwoStacks(env: Readonly<Record<string, string>>): Promise<TwoStacks> {
  const folders = [newDevDir(), newDevDir()] as const;
  const first = await startStack(folders[0], env);
  const second = await startStack(folders[1], {
    ...env,
    PORT: String(Number(new URL(first.base_url).port) + 1),
    DATABASE_URL: first.database_url,
    DATABASE_OWNER_URL: first.database_owner_url,
    DATABASE_WORKER_URL: first.database_worker_url,
    KEY_PEPPER: first.key_pepper,
    RECEIPT_KEY: first.receipt_key,
  });
  return {
    first,
    second,
    publish: (name, wat, options) => publish(folders[0], name, wat, options),
    stop: async () => {
      await interrupt(second);
      await interrupt(first);
      folders.forEach(removeDevDir);
    },
  };
}
