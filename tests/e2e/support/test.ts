/** What the stories are told with: Playwright's own test, on the running stack, with an eye on every page. */
import { randomBytes } from "node:crypto";
import { test as base } from "@playwright/test";
import type { Language } from "../../../app/language/translated.ts";
import { signIn } from "../../../dev/sign-in.ts";
import { readStackFile, type StackFile } from "../../../dev/stack/stack-file.ts";
import { callApi, type Answer, type CallOptions } from "../../support/web.ts";
import { Portal } from "./portal.ts";
import type { PageState } from "./pages.ts";
import { makeDebtor, type Debtor } from "./debtor.ts";
import { makeRegular, type Regular } from "./regular.ts";
import { STACK_FOLDER } from "./start-stack.ts";
import { watch, type Watch } from "./watch.ts";

export { expect } from "@playwright/test";

const LOCALES = { en: "en-US", ja: "ja-JP" };

/** Somebody who is signed in, in this browser too. */
export interface Person {
  readonly login: string;
  readonly sessionToken: string;
  /** Calls the API in their name. */
  call(method: string, path: string, options?: Omit<CallOptions, "key">): Promise<Answer>;
}

interface Fixtures {
  /** How far the layout may move by itself while a page loads: the sum of the scores. */
  readonly mostShift: number;
  /** What the browser asks for, and the words in which the portal is used. */
  readonly language: Language;
  readonly portal: Portal;
  /** A login of GitHub's that nobody has signed in with. */
  readonly newLogin: string;
  /** A new person whose sign-in is not what the story is about. */
  readonly person: Person;
  /** Opens a state of a page, as the one who looks at it. */
  readonly open: (state: PageState) => Promise<void>;
  /** What the pages of this test did beside what they should. It must be nothing, or the test fails. */
  readonly watched: Watch;
}

interface WorkerFixtures {
  readonly stack: StackFile;
  readonly regular: Regular;
  readonly debtor: Debtor;
}

const sessionCookie = ({ base_url: url }: StackFile, value: string) => ({
  name: "spell_session",
  value,
  url,
});

export const test = base.extend<Fixtures, WorkerFixtures>({
  stack: [
    // Playwright reads from the pattern which fixtures are used: none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await use(await readStackFile(process.env[STACK_FOLDER]));
    },
    { scope: "worker" },
  ],
  regular: [
    async ({ stack }, use) => {
      await use(await makeRegular(stack));
    },
    { scope: "worker" },
  ],
  debtor: [
    async ({ stack }, use) => {
      await use(await makeDebtor(stack));
    },
    { scope: "worker" },
  ],
  baseURL: async ({ stack }, use) => {
    await use(stack.base_url);
  },
  language: ["en", { option: true }],
  locale: async ({ language }, use) => {
    await use(LOCALES[language]);
  },
  portal: async ({ page, language, javaScriptEnabled }, use) => {
    await use(new Portal(page, language, javaScriptEnabled));
  },
  // eslint-disable-next-line no-empty-pattern
  newLogin: async ({}, use) => {
    await use(`guest-${randomBytes(6).toString("hex")}`);
  },
  person: async ({ stack, context, newLogin: login }, use) => {
    const { sessionToken } = await signIn({ baseUrl: stack.base_url, login });
    await context.addCookies([sessionCookie(stack, sessionToken)]);
    const call: Person["call"] = (method, path, options) =>
      callApi(stack.base_url, method, path, { ...options, key: sessionToken });
    await use({ login, sessionToken, call });
  },
  open: async ({ stack, regular, debtor, portal, context, newLogin }, use) => {
    await use(async ({ reader, path, reach }) => {
      if (reader === "regular") await context.addCookies([sessionCookie(stack, regular.sessionToken)]);
      if (reader === "debtor") await context.addCookies([sessionCookie(stack, debtor.sessionToken)]);
      if (reader === "newcomer") await portal.signIn(newLogin);
      await portal.page.goto(typeof path === "string" ? path : path(regular));
      await reach?.(portal, newLogin);
    });
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
