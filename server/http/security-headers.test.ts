import { expect, test } from "vitest";
import { securityHeaders } from "./security-headers.ts";

const SETTINGS = {
  APP_URL: "https://spell.example",
  STRIPE_JS_URL: "https://js.pay.example/v3",
  STRIPE_API_BASE: "https://api.pay.example",
  STRIPE_CHECKOUT_URL: "https://checkout.pay.example",
  STRIPE_HOOKS_URL: "https://hooks.pay.example",
};

const policyOf = (settings: Parameters<typeof securityHeaders>[0]) =>
  securityHeaders(settings).forPages("n")["Content-Security-Policy"] ?? "";

test("where the product is reached over https, browsers are told to stay with it", () => {
  const overHttps = securityHeaders(SETTINGS);
  for (const headers of [overHttps.forPrograms, overHttps.forPages("n")])
    expect(headers["Strict-Transport-Security"]).toBe("max-age=31536000; includeSubDomains");
  const overHttp = securityHeaders({ ...SETTINGS, APP_URL: "http://localhost:3000" });
  expect(overHttp.forPrograms).not.toHaveProperty("Strict-Transport-Security");
});

test("pages may load from Stripe, frame it and lead to it where it is configured, each origin in its own place", () => {
  const policy = policyOf({ ...SETTINGS, STRIPE_PUBLISHABLE_KEY: "pk_test_1" });
  expect(policy).toContain("script-src 'nonce-n' https://spell.example/assets/ https://js.pay.example;");
  expect(policy).toContain("connect-src 'self' https://api.pay.example;");
  expect(policy).toContain("frame-src https://js.pay.example https://hooks.pay.example;");
  expect(policy).toContain("form-action 'self' https://checkout.pay.example;");
  expect(policy.match(/pay\.example/g)).toHaveLength(5);
});

test("without it, no other site is named at all", () => {
  const policy = policyOf(SETTINGS);
  expect(policy).not.toContain("pay.example");
  expect(policy).toContain("frame-src 'none';");
});
