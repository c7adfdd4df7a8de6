import { expect, test } from "vitest";
import { askApi, codeFor, exchange, startTestGithub } from "../../tests/support/github.ts";

const TOKEN = /^gho_[A-Za-z0-9]{36}$/;
const ERRORS = "https://docs.github.com/apps/managing-oauth-apps";
const BAD_CODE = {
  error: "bad_verification_code",
  error_description: "The code passed is incorrect or expired.",
  error_uri: `${ERRORS}/troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code`,
};

test("a code becomes a token, as JSON for those who ask for it", async () => {
  const github = await startTestGithub();
  const response = await exchange(github, await codeFor(github, "demo"));
  expect(response.headers.get("Content-Type")).toContain("application/json");
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      access_token: expect.stringMatching(TOKEN) as string,
      token_type: "bearer",
      scope: "read:user,user:email",
    },
  ]);
});

test("everybody else gets the answer form-encoded, errors too", async () => {
  const github = await startTestGithub();
  const response = await exchange(github, await codeFor(github, "demo"), {}, "*/*");
  expect(response.headers.get("Content-Type")).toContain("application/x-www-form-urlencoded");
  const fields = new URLSearchParams(await response.text());
  expect(fields.get("access_token")).toMatch(TOKEN);
  const refused = await exchange(github, "wrong", {}, "*/*");
  expect([refused.status, Object.fromEntries(new URLSearchParams(await refused.text()))]).toEqual([
    200,
    BAD_CODE,
  ]);
});

test("a code works once", async () => {
  const github = await startTestGithub();
  const code = await codeFor(github, "demo");
  const first = (await (await exchange(github, code)).json()) as { access_token: string };
  const second = await exchange(github, code);
  expect([second.status, await second.json()]).toEqual([200, BAD_CODE]);
  expect((await askApi(github, "/user", first.access_token)).status).toBe(200);
});

test("a code works for ten minutes", async () => {
  let nowMs = 0;
  const github = await startTestGithub({ nowMs: () => nowMs });
  const [early, late] = [await codeFor(github, "demo"), await codeFor(github, "demo")];
  nowMs = 599_999;
  expect(await (await exchange(github, early)).json()).toHaveProperty("access_token");
  nowMs = 600_000;
  const refused = await exchange(github, late);
  expect([refused.status, await refused.json()]).toEqual([200, BAD_CODE]);
});

test.each([
  ["a wrong code", { code: "0".repeat(20) }],
  ["no code", { code: undefined }],
  ["a wrong verifier", { code_verifier: "v".repeat(43) }],
  ["no verifier where there was a challenge", { code_verifier: undefined }],
])("%s is refused with status 200, and the code is used up", async (_what, changes) => {
  const github = await startTestGithub();
  const code = await codeFor(github, "demo");
  const response = await exchange(github, code, changes);
  expect([response.status, await response.json()]).toEqual([200, BAD_CODE]);
  if (!("code" in changes)) expect(await (await exchange(github, code)).json()).toEqual(BAD_CODE);
});

test("a verifier without a challenge is refused, neither of them is taken", async () => {
  const github = await startTestGithub();
  const plain = { code_challenge: undefined, code_challenge_method: undefined };
  const [one, other] = [await codeFor(github, "demo", plain), await codeFor(github, "demo", plain)];
  expect(await (await exchange(github, one)).json()).toEqual(BAD_CODE);
  expect(await (await exchange(github, other, { code_verifier: undefined })).json()).toHaveProperty(
    "access_token",
  );
});

test("another redirect_uri than the code was given to is refused with status 200", async () => {
  const github = await startTestGithub();
  const response = await exchange(github, await codeFor(github, "demo"), {
    redirect_uri: "http://localhost:3000/auth/callback",
  });
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      error: "redirect_uri_mismatch",
      error_description: "The redirect_uri MUST match the registered callback URL for this application.",
      error_uri: `${ERRORS}/troubleshooting-authorization-request-errors/#redirect-uri-mismatch2`,
    },
  ]);
});

test.each(["wrong", undefined])("the secret %s is refused with status 200", async (secret) => {
  const github = await startTestGithub();
  const response = await exchange(github, await codeFor(github, "demo"), { client_secret: secret });
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      error: "incorrect_client_credentials",
      error_description: "The client_id and/or client_secret passed are incorrect.",
      error_uri: `${ERRORS}/troubleshooting-oauth-app-access-token-request-errors/#incorrect-client-credentials`,
    },
  ]);
});

test("an application that does not exist is not found", async () => {
  const github = await startTestGithub();
  const response = await exchange(github, await codeFor(github, "demo"), { client_id: "another" });
  expect([response.status, await response.json()]).toEqual([404, { error: "Not Found" }]);
});
