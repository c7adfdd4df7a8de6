import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../free-port.ts";
import { startNode } from "../stack/node-process.ts";

const ENVIRONMENT = {
  GITHUB_CLIENT_ID: "the-application",
  GITHUB_CLIENT_SECRET: "its-secret",
  GITHUB_REDIRECT_URIS: "http://localhost:3000/auth/github/callback http://localhost:3000/auth/callback",
};

async function start(variables: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "spell-github-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const running = await startNode({
    name: "github",
    script: fileURLToPath(new URL("main.ts", import.meta.url)),
    env: { NODE_ENV: "development", ...ENVIRONMENT, ...variables },
    logFile: join(folder, "github.log"),
    patienceMs: 2_000,
  });
  onTestFinished(() => running.stop());
  return running;
}

test("the process serves on its port until it is asked to leave, on this machine alone", async () => {
  const port = await freePort();
  const running = await start({ PORT: String(port) });
  const path = `login/oauth/authorize?client_id=the-application`;
  expect((await fetch(`http://127.0.0.1:${port}/${path}`)).status).toBe(200);
  // All of 127/8 is this machine's, but only the one address is listened to.
  await expect(fetch(`http://127.0.0.2:${port}/${path}`)).rejects.toThrow();
  await running.stop();
  await expect(fetch(`http://127.0.0.1:${port}/${path}`)).rejects.toThrow();
});

test("it does not run in production", async () => {
  await expect(start({ PORT: "0", NODE_ENV: "production" })).rejects.toThrow(
    "The GitHub emulator lets anybody in as anybody: it does not run in production.",
  );
});

test("what is missing in its environment is named, and no value is told", async () => {
  const starting = start({ PORT: "0", GITHUB_CLIENT_SECRET: "", GITHUB_REDIRECT_URIS: "nowhere" });
  await expect(starting).rejects.toThrow("GITHUB_CLIENT_SECRET, GITHUB_REDIRECT_URIS");
  await expect(starting).rejects.not.toThrow("nowhere");
});
