import { expect, test } from "vitest";
import { APPLICATION, startTestGithub } from "../../../tests/support/github.ts";
import { createGithub, type Github } from "./github.ts";

const settingsFor = ({ baseUrl, apiUrl }: { baseUrl: string; apiUrl: string }) => ({
  APP_URL: "http://localhost:3000",
  GITHUB_BASE_URL: baseUrl,
  GITHUB_API_URL: apiUrl,
  GITHUB_CLIENT_ID: APPLICATION.clientId,
  GITHUB_CLIENT_SECRET: APPLICATION.clientSecret,
});

/** Begins a sign-in and lets this person agree to it. */
async function agree(github: Github, login: string) {
  const { url, state, verifier } = await github.begin();
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ login }),
  });
  const back = new URL(answer.headers.get("Location") ?? "");
  expect(back.searchParams.get("state")).toBe(state);
  return { code: back.searchParams.get("code") ?? "", verifier };
}

async function client(options: { secret?: string; slowAnswerMs?: number; timeoutMs?: number } = {}) {
  const hub = await startTestGithub(
    options.slowAnswerMs === undefined ? {} : { slowAnswerMs: options.slowAnswerMs },
  );
  const settings = settingsFor(hub);
  const made = createGithub(
    { ...settings, GITHUB_CLIENT_SECRET: options.secret ?? settings.GITHUB_CLIENT_SECRET },
    options.timeoutMs,
  );
  if (made === null) throw new Error("GitHub is configured");
  return made;
}

test("who agrees at GitHub is proved, by number, login, name and verified address", async () => {
  const github = await client();
  const { code, verifier } = await agree(github, "hanako-yamada");
  expect(await github.prove(code, verifier)).toEqual({
    kind: "proved",
    profile: {
      githubId: 9_000_000_003,
      login: "hanako-yamada",
      name: "山田 花子",
      email: "hanako-yamada@example.com",
    },
  });
});

test("a name that is not given is none", async () => {
  const github = await client();
  const { code, verifier } = await agree(github, "no-name");
  expect(await github.prove(code, verifier)).toMatchObject({ profile: { login: "no-name", name: null } });
});

test.each([
  [
    "a code that GitHub does not know",
    (agreed: { code: string; verifier: string }) => ({ ...agreed, code: "x" }),
  ],
  ["another browser's verifier", (agreed) => ({ ...agreed, verifier: "v".repeat(43) })],
] satisfies [string, (agreed: { code: string; verifier: string }) => { code: string; verifier: string }][])(
  "%s proves nobody",
  async (_what, change) => {
    const github = await client();
    const { code, verifier } = change(await agree(github, "demo"));
    expect(await github.prove(code, verifier)).toMatchObject({ kind: "refused" });
  },
);

test("a code proves somebody once", async () => {
  const github = await client();
  const { code, verifier } = await agree(github, "demo");
  expect((await github.prove(code, verifier)).kind).toBe("proved");
  expect((await github.prove(code, verifier)).kind).toBe("refused");
});

test("a wrong client secret is refused, and stands in no cause", async () => {
  const github = await client({ secret: "not-the-secret" });
  const { code, verifier } = await agree(github, "demo");
  const proof = await github.prove(code, verifier);
  expect(proof).toEqual({ kind: "refused", cause: "incorrect_client_credentials" });
});

test("an address that is not verified is no address", async () => {
  const github = await client();
  const { code, verifier } = await agree(github, "unverified");
  expect((await github.prove(code, verifier)).kind).toBe("no-email");
});

test("a GitHub that answers with an error page is unreachable", async () => {
  const github = await client();
  const { code, verifier } = await agree(github, "broken-hub");
  expect((await github.prove(code, verifier)).kind).toBe("unreachable");
});

test("a GitHub that takes too long is unreachable", async () => {
  const github = await client({ slowAnswerMs: 20_000, timeoutMs: 300 });
  const { code, verifier } = await agree(github, "slow-hub");
  expect(await github.prove(code, verifier)).toMatchObject({ kind: "unreachable" });
});

test("without an application there is no GitHub to ask", () => {
  const { GITHUB_CLIENT_ID: _id, ...settings } = settingsFor({
    baseUrl: "http://127.0.0.1:1",
    apiUrl: "http://127.0.0.1:1",
  });
  expect(createGithub({ ...settings, GITHUB_CLIENT_ID: undefined })).toBeNull();
});
