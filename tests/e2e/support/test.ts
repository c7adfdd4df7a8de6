/** What the stories are told with: Playwright's own test, on the running stack, with an eye on every page. */
import { test as base } from "@playwright/test";
import { readStackFile, type StackFile } from "../../../dev/stack/stack-file.ts";
import { STACK_FOLDER } from "./start-stack.ts";
import { watch, type Watch } from "./watch.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** How far the layout may move by itself while a page loads: the sum of the scores. */
  readonly mostShift: number;
  /** What the pages of this test did beside what they should. It must be nothing, or the test fails. */
  readonly watched: Watch;
}

interface WorkerFixtures {
  readonly stack: StackFile;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  stack: [
    // Playwright reads from the pattern which fixtures are used: none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await use(await readStackFile(process.env[STACK_FOLDER]));
    },
    { scope: "worker" },
  ],
  baseURL: async ({ stack }, use) => {
    await use(stack.base_url);
  },
  mostShift: [0.01, { option: true }],
  watched: [
    async ({ context, mostShift }, use) => {
      const seen = await watch(context);
      await use(seen);
      const { expect } = base;
      expect.soft(seen.complaints, "the console stays silent").toEqual([]);
      expect.soft(seen.foreign, "nothing is loaded from elsewhere").toEqual([]);
      const moved = seen.shifts.reduce((sum, { score }) => sum + score, 0);
      expect.soft(moved, `the layout stays: ${JSON.stringify(seen.shifts)}`).toBeLessThan(mostShift);
    },
    { auto: true },
  ],
});
