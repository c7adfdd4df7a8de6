import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type Answer, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo");
});
afterAll(() => web.close());

const PROTECTIVE = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};
const PROGRAM_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const policyOf = ({ headers }: Answer) => headers.get("Content-Security-Policy") ?? "";
const counted = ({ headers }: Answer) =>
  ["Limit", "Remaining", "Reset"].filter((name) => headers.has(`RateLimit-${name}`)).length === 3;

/** What every answer carries, whatever it says. */
function expectFramed(answer: Answer, requestId: string): void {
  expect(Object.fromEntries(answer.headers)).toMatchObject(PROTECTIVE);
  expect(answer.headers.get("X-Request-Id")).toBe(requestId);
  expect(answer.headers.get("Strict-Transport-Security"), "not over http").toBe(null);
}

const ECHO = { spell_name: "echo", payload: 1 };
test.each([
  ["a cast", 200, "POST", "/v1/cast", { body: ECHO }, true],
  ["a queued cast", 202, "POST", "/v1/cast", { body: ECHO, headers: { Prefer: "respond-async" } }, true],
  ["a list", 200, "GET", "/v1/keys", {}, true],
  ["a cast that fails", 404, "POST", "/v1/cast", { body: { ...ECHO, spell_name: "none" } }, true],
  ["a body that is no JSON", 400, "POST", "/v1/cast", { rawBody: "{" }, true],
  ["a body that is too large", 413, "POST", "/v1/cast", { rawBody: "x".repeat(2_000_000) }, true],
  ["nobody", 401, "POST", "/v1/cast", { key: "", body: ECHO }, false],
  ["an unknown address", 404, "GET", "/v1/none", {}, false],
  ["a wrong method", 405, "PATCH", "/v1/cast", {}, false],
  ["health", 200, "GET", "/healthz", {}, false],
  ["metrics", 200, "GET", "/metrics", {}, false],
  ["tRPC", 404, "GET", "/trpc/none", {}, false],
] as const)(
  "%s (%i) is answered with every header, and nothing may run in it",
  async (_what, status, method, path, call, isCounted) => {
    const { apiKey } = await web.person();
    const headers = { ...("headers" in call ? call.headers : {}), "X-Request-Id": "request-0001" };
    const answer = await web.call(method, path, { key: apiKey, ...call, headers });
    expect(answer.status).toBe(status);
    expectFramed(answer, "request-0001");
    expect(policyOf(answer)).toBe(PROGRAM_POLICY);
    expect(counted(answer)).toBe(isCounted);
  },
);

test("a page's scripts run by a nonce that no other answer has", async () => {
  const [first, second] = [await web.call("GET", "/docs"), await web.call("GET", "/no-such-page")];
  const nonces = [first, second].map((page) => {
    expectFramed(page, page.headers.get("X-Request-Id") ?? "none");
    const [, nonce = ""] = /script-src 'nonce-([\w+/]{22}==)' /.exec(policyOf(page)) ?? [];
    expect(page.text).toContain(`nonce="${nonce}"`);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
  expect(policyOf(first).replace(/nonce-[^']+/, "nonce-")).toBe(
    "default-src 'none'; script-src 'nonce-' http://localhost:3000/assets/; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
});

test("the portal's files carry the headers too", async () => {
  const [file = ""] = await readdir(new URL("../../build/client/assets", import.meta.url));
  const answer = await web.call("GET", `/assets/${file}`);
  expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([
    200,
    "public, max-age=31536000, immutable",
  ]);
  expectFramed(answer, answer.headers.get("X-Request-Id") ?? "none");
});

test("pages are rendered by React's production build, whatever NODE_ENV is", async () => {
  const bundle = await readFile(new URL("../../build/server/index.js", import.meta.url), "utf8");
  // Left outside the bundle, React would choose its build by NODE_ENV when it is loaded.
  expect(bundle).not.toMatch(/from "react(-dom|\/|")|react(-dom)?[\w.-]*\.development/);
});

test.each(["br", "gzip"])(
  "a browser that takes %s is given a file smaller, and the same when unpacked",
  async (encoding) => {
    const files = await readdir(new URL("../../build/client/assets", import.meta.url));
    const style = files.find((file) => file.endsWith(".css")) ?? "none";
    const [plain, packed] = await Promise.all(
      ["identity", encoding].map((accepted) =>
        fetch(new URL(`/assets/${style}`, web.baseUrl), { headers: { "Accept-Encoding": accepted } }),
      ),
    );
    const headers = (answer: Response | undefined, ...names: string[]) =>
      names.map((name) => answer?.headers.get(name));
    expect(headers(packed, "Content-Encoding", "Vary", "Content-Type")).toEqual([
      encoding,
      "Accept-Encoding",
      "text/css; charset=utf-8",
    ]);
    expect(headers(plain, "Content-Encoding")).toEqual([null]);
    const [plainBytes = 0, packedBytes = 0] = [plain, packed].map((answer) =>
      Number(answer?.headers.get("Content-Length")),
    );
    expect(packedBytes).toBeLessThan(plainBytes / 2);
    expect(await packed?.text()).toBe(await plain?.text());
  },
);
