import { expect, test } from "vitest";
import {
  APPLICATION,
  authorizeUrl,
  choose,
  locationOf,
  startTestGithub,
} from "../../tests/support/github.ts";
import { PEOPLE } from "./people.ts";

const policyOf = (response: Response) => response.headers.get("Content-Security-Policy");

test("the page offers every person, any other one, and a way out; it can lead to the application alone", async () => {
  const response = await fetch(authorizeUrl(await startTestGithub()));
  const page = await response.text();
  expect(response.status).toBe(200);
  for (const { login } of PEOPLE) expect(page).toContain(`name="login" value="${login}"`);
  expect(page).toContain('<label for="login">Another person</label>');
  expect(page).toContain('name="cancel"');
  expect(page).toContain("read:user, user:email");
  expect(policyOf(response)).toContain("default-src 'none'");
  expect(policyOf(response)).toContain("form-action 'self' http://localhost:3000;");
});

test.each(["demo", "somebody-else"])("choosing %s leads back with a code and the state", async (login) => {
  const response = await choose(await startTestGithub(), { login });
  const { origin, pathname, searchParams } = locationOf(response);
  expect([response.status, origin + pathname]).toEqual([302, APPLICATION.redirectUris[0]]);
  expect(Object.fromEntries(searchParams)).toEqual({
    code: expect.stringMatching(/^[0-9a-f]{20}$/) as string,
    state: "the state",
  });
});

test("cancelling leads back with GitHub's refusal", async () => {
  const response = await choose(await startTestGithub(), { cancel: "1" });
  expect(response.status).toBe(302);
  expect(Object.fromEntries(locationOf(response).searchParams)).toEqual({
    error: "access_denied",
    error_description: "The user has denied your application access.",
    error_uri:
      "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors/#access-denied",
    state: "the state",
  });
});

test("a login that cannot be one is shown again with what is wrong, and nothing in it is markup", async () => {
  const response = await choose(await startTestGithub(), { login: '"><script>' });
  const page = await response.text();
  expect([response.status, response.headers.get("Location")]).toEqual([422, null]);
  expect(page).toContain("This cannot be a login.");
  expect(page).toContain('aria-invalid="true"');
  expect(page).not.toContain("<script");
});

test("without a redirect_uri the first registered one is meant, and without a state none comes back", async () => {
  const response = await choose(
    await startTestGithub(),
    { login: "demo" },
    { redirect_uri: undefined, state: undefined },
  );
  const { origin, pathname, searchParams } = locationOf(response);
  expect(origin + pathname).toBe(APPLICATION.redirectUris[0]);
  expect([...searchParams.keys()]).toEqual(["code"]);
});

test.each([
  ["an unknown client_id", { client_id: "another" }, 404, "No application"],
  ["no client_id", { client_id: undefined }, 404, "No application"],
  [
    "an address that is not registered",
    { redirect_uri: "https://evil.example/auth/github/callback" },
    200,
    "is not associated with this application",
  ],
  [
    "an address below a registered one",
    { redirect_uri: `${APPLICATION.redirectUris[0]}/../../evil` },
    200,
    "is not associated with this application",
  ],
  ["a plain challenge", { code_challenge_method: "plain" }, 400, "S256"],
  ["a challenge without its method", { code_challenge_method: undefined }, 400, "S256"],
])("%s is a page that leads nowhere, to a choice too", async (_what, changes, status, words) => {
  const github = await startTestGithub();
  const asked = await fetch(authorizeUrl(github, changes));
  for (const response of [asked, await choose(github, { login: "demo" }, changes)]) {
    expect([response.status, response.headers.get("Location")]).toEqual([status, null]);
    const page = await response.text();
    expect(page).toContain(words);
    expect(page).not.toContain("<form");
  }
});
