import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "../../server/services/identity/create-session.ts";
import { openPages, type Pages } from "../support/pages.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const SETTINGS = "/dashboard/settings";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

let web: TestWeb;
let pages: Pages;
beforeAll(async () => {
  web = await startTestWeb();
  pages = openPages(web);
});
afterAll(() => web.close());

/** Another session of somebody, in Firefox. */
async function signInAgain(accountId: string): Promise<{ readonly sessionToken: string }> {
  const { token } = await createSession(web.platform, accountId, FIREFOX);
  return { sessionToken: token };
}

const isSignedIn = async (who: { readonly sessionToken: string }) =>
  (await pages.read(SETTINGS, who)).status === 200;
const idsIn = (html: string) => [...html.matchAll(/name="id" value="([^"]+)"/g)].map(([, id]) => id ?? "");

test("the profile shows what GitHub says, and a name is changed without JavaScript", async () => {
  const person = await web.person();
  const page = await pages.read(SETTINGS, person);
  expect(page.text).toMatch(/test-[0-9a-f]{12}@spell\.example/);
  expect(page.text).toContain("cannot export your data or delete your account yet");
  const saved = await pages.post(SETTINGS, person, { intent: "profile", name: " Ada ", language: "en" });
  expect([saved.status, saved.headers.get("Location")]).toEqual([302, `${SETTINGS}?done=profile`]);
  const after = await pages.read(`${SETTINGS}?done=profile`, person);
  expect(after.text).toContain('value="Ada"');
  expect(after.text).toContain("Your profile is saved.");
  await pages.post(SETTINGS, person, { intent: "profile", name: "", language: "en" });
  expect((await pages.read(SETTINGS, person)).text).not.toContain('value="Ada"');
});

test("another language is kept, and set for this browser's pages", async () => {
  const person = await web.person();
  const saved = await pages.post(SETTINGS, person, { intent: "profile", name: "Ada", language: "ja" });
  const cookie = saved.headers.get("Set-Cookie") ?? "";
  expect(cookie).toMatch(/^spell_language=ja;.*HttpOnly/);
  const page = await pages.read(SETTINGS, person, {
    Cookie: `spell_session=${person.sessionToken}; spell_language=ja`,
  });
  expect(page.text).toContain('<html lang="ja">');
  expect(page.text).toContain("GitHub のログイン名");
  expect(page.text).toMatch(/<option value="ja"[^>]*selected/);
});

test("the form shows the language of the page, so that saving a name changes no language", async () => {
  const person = await web.person();
  const page = await pages.read(SETTINGS, person, {
    Cookie: `spell_session=${person.sessionToken}; spell_language=ja`,
  });
  expect(page.text).toMatch(/<option value="ja"[^>]*selected/);
  expect(page.text).not.toMatch(/<option value="en"[^>]*selected/);
});

test("a name that is too long is marked and stays, and what is no language is refused", async () => {
  const person = await web.person();
  const name = "x".repeat(101);
  const refused = await pages.post(SETTINGS, person, { intent: "profile", name, language: "en" });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('id="name-problem"');
  expect(refused.text).toContain(`value="${name}"`);
  const strange = await pages.post(SETTINGS, person, { intent: "profile", name: "a", language: "fr" });
  expect([strange.status, strange.headers.get("Set-Cookie")]).toEqual([400, null]);
});

test("sessions are told apart, and one is ended for good", async () => {
  const person = await web.person();
  const other = await signInAgain(person.accountId);
  const page = await pages.read(SETTINGS, person);
  expect(page.text).toContain("Firefox on Linux");
  expect(page.text.match(/This session/g)).toHaveLength(1);
  const [id = ""] = idsIn(page.text);
  const form = { intent: "end-session", id };
  expect((await pages.post(SETTINGS, person, form)).headers.get("Location")).toBe(`${SETTINGS}?done=session`);
  expect([await isSignedIn(person), await isSignedIn(other)]).toEqual([true, false]);
  expect((await pages.post(SETTINGS, person, form)).headers.get("Location")).toBe(`${SETTINGS}?done=gone`);
});

test("all other sessions are ended at once, and the present one by signing out", async () => {
  const person = await web.person();
  const others = [await signInAgain(person.accountId), await signInAgain(person.accountId)];
  const ended = await pages.post(SETTINGS, person, { intent: "end-others" });
  expect(ended.headers.get("Location")).toBe(`${SETTINGS}?done=others`);
  expect(await Promise.all([person, ...others].map(isSignedIn))).toEqual([true, false, false]);
  expect((await pages.read(SETTINGS, person)).text).toContain("End and sign out");
  expect((await pages.post("/auth/logout", person, {})).headers.get("Location")).toBe("/");
  expect(await isSignedIn(person)).toBe(false);
});

test("a form that asks for nothing known does nothing, and neither does one of another site", async () => {
  const person = await web.person();
  const other = await signInAgain(person.accountId);
  await pages.post(SETTINGS, person, { intent: "surprise" });
  const foreign = { Origin: "https://evil.example" };
  expect((await pages.post(SETTINGS, person, { intent: "end-others" }, foreign)).status).toBe(403);
  expect(await isSignedIn(other)).toBe(true);
});

test("another person's session is not there", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  await signInAgain(theirs.accountId);
  const [id = ""] = idsIn((await pages.read(SETTINGS, theirs)).text);
  const answer = await pages.post(SETTINGS, mine, { intent: "end-session", id });
  expect(answer.headers.get("Location")).toBe(`${SETTINGS}?done=gone`);
  expect(idsIn((await pages.read(SETTINGS, theirs)).text)).toEqual([id]);
});
