import { request } from "node:http";
import { expect, test } from "vitest";
import { askApi, startTestGithub, tokenFor } from "../../tests/support/github.ts";

test.each([
  ["demo", "Demo Caster", true],
  ["hanako-yamada", "山田 花子", true],
  ["no-name", null, true],
  ["unverified", "Una Verified", false],
  ["fresh-face-7", "Fresh Face 7", true],
])("the API tells who %s is", async (login, name, verified) => {
  const github = await startTestGithub();
  const token = await tokenFor(github, login);
  const user = await askApi(github, "/user", token);
  expect([user.status, user.headers.get("X-OAuth-Scopes")]).toEqual([200, "read:user, user:email"]);
  expect(await user.json()).toMatchObject({ login, name, id: expect.any(Number) as number, email: null });
  expect(await (await askApi(github, "/user/emails", token)).json()).toEqual([
    { email: `${login}@example.com`, primary: true, verified, visibility: "private" },
  ]);
});

test("a token that was never given is refused, and so is none", async () => {
  const github = await startTestGithub();
  for (const path of ["/user", "/user/emails"]) {
    const response = await askApi(github, path, "gho_wrong");
    expect([response.status, await response.json()]).toEqual([
      401,
      { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" },
    ]);
    expect((await fetch(`${github.apiUrl}${path}`)).status).toBe(401);
  }
});

test("e-mails are not found without the scope for them", async () => {
  const github = await startTestGithub();
  const token = await tokenFor(github, "demo", { scope: "read:user" });
  expect((await askApi(github, "/user", token)).status).toBe(200);
  const response = await askApi(github, "/user/emails", token);
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { message: "Not Found", status: "404" },
  ]);
  const all = await tokenFor(github, "demo", { scope: "user" });
  expect((await askApi(github, "/user/emails", all)).status).toBe(200);
});

test("a program that does not say what it is is refused", async () => {
  const github = await startTestGithub();
  const status = await new Promise((resolve, reject) => {
    request(`${github.apiUrl}/user`, (response) => resolve(response.resume().statusCode))
      .once("error", reject)
      .end();
  });
  expect(status).toBe(403);
});

test("with broken-hub the API answers 502 and a page", async () => {
  const github = await startTestGithub();
  const token = await tokenFor(github, "broken-hub");
  for (const path of ["/user", "/user/emails"]) {
    const response = await askApi(github, path, token);
    expect([response.status, response.headers.get("Content-Type")]).toEqual([
      502,
      expect.stringContaining("text/html"),
    ]);
  }
  expect((await askApi(github, "/user", await tokenFor(github, "demo"))).status).toBe(200);
});

test("with slow-hub the API answers late, and to nobody else", async () => {
  const github = await startTestGithub({ slowAnswerMs: 200 });
  const [slow, quick] = [await tokenFor(github, "slow-hub"), await tokenFor(github, "demo")];
  const order: string[] = [];
  const ask = async (who: string, token: string) => {
    expect((await askApi(github, "/user", token)).status).toBe(200);
    order.push(who);
  };
  await Promise.all([ask("slow", slow), ask("quick", quick)]);
  expect(order).toEqual(["quick", "slow"]);
});

test("a slow answer that nobody waits for any more does not keep the emulator from ending", async () => {
  const github = await startTestGithub({ slowAnswerMs: 600_000 });
  const token = await tokenFor(github, "slow-hub");
  await expect(askApi(github, "/user", token, AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
  const waiting = expect(askApi(github, "/user", token)).rejects.toThrow();
  await askApi(github, "/user", "gho_wrong");
  await github.stop();
  await waiting;
});
