import { defineConfig } from "@playwright/test";
import { findBrowser } from "./tests/support/browser/find.ts";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  globalSetup: "tests/e2e/support/start-stack.ts",
  reporter: [["list"], ["./tests/e2e/support/closing-line.ts"]],
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  use: { launchOptions: await findBrowser(), screenshot: "only-on-failure" },
  projects: [
    { name: "stories", testMatch: "e2e/*.test.ts" },
    { name: "screenshots", testMatch: "screenshots/*.take.ts" },
  ],
});
