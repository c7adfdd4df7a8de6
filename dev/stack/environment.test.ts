import { expect, test } from "vitest";
import {
  emulatorEnvironment,
  givenDatabase,
  givenPort,
  hasRealGithub,
  needsStripe,
  stripeEnvironment,
  Unusable,
  webEnvironment,
  workerEnvironment,
} from "./environment.ts";

const URLS = {
  ownerUrl: "postgres://owner@localhost/spell",
  appUrl: "postgres://app@localhost/spell",
  workerUrl: "postgres://worker@localhost/spell",
};
const DATABASES = {
  DATABASE_OWNER_URL: URLS.ownerUrl,
  DATABASE_URL: URLS.appUrl,
  DATABASE_WORKER_URL: URLS.workerUrl,
};
const SETTINGS = {
  port: 3_001,
  urls: URLS,
  secrets: {
    superuser: "the-superuser",
    owner: "the-owner",
    app: "the-app",
    worker: "the-worker",
    key_pepper: "the-pepper",
    receipt_key: "the-receipt-key",
    api_key: "the-api-key",
  },
  emulator: null,
  stripe: null,
};
const EMULATOR = { port: 4_001, clientId: "the-application", clientSecret: "its-secret" };
const STRIPE = {
  port: 4_002,
  secret_key: "sk_test_its",
  publishable_key: "pk_test_its",
  webhook_secret: "whsec_its",
};
const WITH_STRIPE = { ...SETTINGS, stripe: STRIPE };
const WITH_EMULATOR = { ...SETTINGS, emulator: EMULATOR };
const OAUTH_APP = { GITHUB_CLIENT_ID: "ours", GITHUB_CLIENT_SECRET: "secret" };
/** What a person's shell holds: types name one variable that has to be there. */
const shell = (variables: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  NODE_ENV: "development",
  ...variables,
});

test("three database URLs are taken as they are, none mean a server of our own", () => {
  expect(givenDatabase(shell(DATABASES))).toEqual(URLS);
  expect(givenDatabase(shell())).toBeNull();
  expect(
    givenDatabase(shell({ DATABASE_OWNER_URL: "", DATABASE_URL: "", DATABASE_WORKER_URL: "" })),
  ).toBeNull();
});

test.each([
  [{ DATABASE_URL: URLS.appUrl }, "DATABASE_OWNER_URL, DATABASE_WORKER_URL"],
  [{ ...DATABASES, DATABASE_WORKER_URL: "" }, "DATABASE_WORKER_URL"],
])("some of the three are refused, and the missing ones named", (variables, missing) => {
  expect(() => givenDatabase(shell(variables))).toThrow(
    new Unusable(`Set all three database URLs or none; missing: ${missing}.`),
  );
});

test("a port is a number from 1 to 65535; none asked for is any", () => {
  for (const port of [1, 3_000, 65_535]) expect(givenPort(shell({ PORT: String(port) }))).toBe(port);
  for (const unset of [shell(), shell({ PORT: "" })]) expect(givenPort(unset)).toBeNull();
  for (const PORT of ["0", "65536", "-1", "3e3", "0x10", "80.5", " 80", "http"])
    expect(() => givenPort(shell({ PORT }))).toThrow(new Unusable(`PORT=${PORT} is not a port.`));
});

test("real GitHub is meant by an application of one's own, whole or not at all", () => {
  expect(hasRealGithub(shell(OAUTH_APP))).toBe(true);
  for (const none of [{}, { GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "" }])
    expect(hasRealGithub(shell(none))).toBe(false);
  expect(() => hasRealGithub(shell({ GITHUB_CLIENT_ID: "ours" }))).toThrow(
    new Unusable(
      "Set both GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET or none; missing: GITHUB_CLIENT_SECRET.",
    ),
  );
});

test("production has no emulator", () => {
  expect(hasRealGithub(shell({ ...OAUTH_APP, NODE_ENV: "production" }))).toBe(true);
  expect(() => hasRealGithub(shell({ NODE_ENV: "production" }))).toThrow(
    new Unusable(
      "The GitHub emulator does not run in production: set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.",
    ),
  );
});

test("the web process signs people in with the emulator, whatever else was set", () => {
  const set = { GITHUB_BASE_URL: "https://github.example", GITHUB_API_URL: "https://github.example/api/v3" };
  expect(webEnvironment(shell(set), WITH_EMULATOR)).toMatchObject({
    GITHUB_BASE_URL: "http://127.0.0.1:4001",
    GITHUB_API_URL: "http://127.0.0.1:4001/api/v3",
    GITHUB_CLIENT_ID: "the-application",
    GITHUB_CLIENT_SECRET: "its-secret",
  });
  expect(webEnvironment(shell({ ...set, ...OAUTH_APP }), SETTINGS)).toMatchObject({ ...set, ...OAUTH_APP });
});

test("the emulator knows its application and where that is, and no secret of ours", () => {
  const given = shell({ ...DATABASES, KEY_PEPPER: "a", DEV_DIR: ".dev-2" });
  const web = webEnvironment(given, WITH_EMULATOR);
  expect(emulatorEnvironment(given, web, EMULATOR)).toEqual({
    NODE_ENV: "development",
    DEV_DIR: ".dev-2",
    PORT: "4001",
    GITHUB_CLIENT_ID: "the-application",
    GITHUB_CLIENT_SECRET: "its-secret",
    GITHUB_REDIRECT_URIS: "http://localhost:3001/auth/github/callback http://localhost:3001/auth/callback",
  });
});

test("the web process gets its address, its database and its secrets, and no other role's", () => {
  expect(webEnvironment(shell({ ...DATABASES, PATH: "/bin" }), SETTINGS)).toEqual({
    NODE_ENV: "development",
    PATH: "/bin",
    APP_URL: "http://localhost:3001",
    PORT: "3001",
    DATABASE_URL: URLS.appUrl,
    KEY_PEPPER: "the-pepper",
    RECEIPT_KEY: "the-receipt-key",
  });
});

test("an empty variable hides nothing that we set", () => {
  expect(webEnvironment(shell({ KEY_PEPPER: "", APP_URL: "" }), SETTINGS)).toMatchObject({
    APP_URL: "http://localhost:3001",
    KEY_PEPPER: "the-pepper",
  });
});

test("what a person set for the web process goes through, but for its port and database", () => {
  const set = {
    APP_URL: "https://spell.example",
    CAST_THREADS: "2",
    KEY_PEPPER: "a-pepper-of-ones-own",
    PORT: "80",
    DATABASE_URL: "postgres://elsewhere",
  };
  expect(webEnvironment(shell(set), SETTINGS)).toMatchObject({
    APP_URL: "https://spell.example",
    CAST_THREADS: "2",
    KEY_PEPPER: "a-pepper-of-ones-own",
    PORT: "3001",
    DATABASE_URL: URLS.appUrl,
  });
});

test("the worker gets its own database and none of the web process's secrets", () => {
  const secrets = {
    KEY_PEPPER: "a",
    RECEIPT_KEY: "b",
    GITHUB_CLIENT_SECRET: "d",
    ADMIN_SECRET: "e",
    STRIPE_PUBLISHABLE_KEY: "f",
    STRIPE_WEBHOOK_SECRET: "g",
  };
  const given = shell({ ...DATABASES, ...secrets, PORT: "80", LOG_LEVEL: "debug" });
  expect(workerEnvironment(given, SETTINGS)).toEqual({
    NODE_ENV: "development",
    LOG_LEVEL: "debug",
    DATABASE_WORKER_URL: URLS.workerUrl,
  });
});

const BILLING = {
  STRIPE_API_BASE: "http://127.0.0.1:4002",
  STRIPE_JS_URL: "http://127.0.0.1:4002/v3/",
  STRIPE_CHECKOUT_URL: "http://127.0.0.1:4002",
  STRIPE_HOOKS_URL: "http://127.0.0.1:4002",
  STRIPE_SECRET_KEY: "sk_test_its",
  STRIPE_PUBLISHABLE_KEY: "pk_test_its",
  STRIPE_WEBHOOK_SECRET: "whsec_its",
};

test("cards are the emulator's unless the person has a key of their own, and never in production", () => {
  for (const unset of [{}, { STRIPE_SECRET_KEY: "" }]) expect(needsStripe(shell(unset))).toBe(true);
  expect(needsStripe(shell({ STRIPE_SECRET_KEY: "sk_test_own" }))).toBe(false);
  expect(needsStripe(shell({ NODE_ENV: "production" }))).toBe(false);
});

test("both processes talk to the Stripe emulator, whatever else was set, or to the person's own account", () => {
  const set = shell({ STRIPE_API_BASE: "https://stripe.example", STRIPE_PUBLISHABLE_KEY: "pk_test_own" });
  const own = shell({ STRIPE_SECRET_KEY: "sk_test_own", STRIPE_PUBLISHABLE_KEY: "pk_test_own" });
  expect(webEnvironment(set, WITH_STRIPE)).toMatchObject(BILLING);
  for (const environment of [webEnvironment, workerEnvironment])
    expect(environment(own, SETTINGS)).toMatchObject({ STRIPE_SECRET_KEY: "sk_test_own" });
  const { STRIPE_API_BASE, STRIPE_SECRET_KEY } = BILLING;
  expect(workerEnvironment(set, WITH_STRIPE)).toEqual({
    NODE_ENV: "development",
    DATABASE_WORKER_URL: URLS.workerUrl,
    STRIPE_API_BASE,
    STRIPE_SECRET_KEY,
  });
});

test("the Stripe emulator knows its keys and where events go, and no secret of ours", () => {
  const given = shell({ ...DATABASES, KEY_PEPPER: "a", APP_URL: "https://spell.example", DEV_DIR: ".dev-2" });
  expect(stripeEnvironment(given, 3_001, "/dev-2/stripe.db", STRIPE)).toEqual({
    NODE_ENV: "development",
    DEV_DIR: ".dev-2",
    PORT: "4002",
    STATE_FILE: "/dev-2/stripe.db",
    STRIPE_SECRET_KEY: "sk_test_its",
    STRIPE_PUBLISHABLE_KEY: "pk_test_its",
    WEBHOOK_URL: "http://localhost:3001/webhooks/stripe",
    WEBHOOK_SECRET: "whsec_its",
    WEBHOOK_TYPES: expect.stringMatching(/^(?:[a-z_.*]+ )+credit_note\.\*$/) as string,
  });
});

test("the worker does not hear of the emulator", () => {
  expect(workerEnvironment(shell(), WITH_EMULATOR)).toEqual(workerEnvironment(shell(), SETTINGS));
});

test("neither process is told what only the supervisor needs", () => {
  for (const env of [webEnvironment(shell(), WITH_EMULATOR), workerEnvironment(shell(), WITH_EMULATOR)])
    for (const secret of [
      "the-superuser",
      "the-owner",
      "the-app",
      "the-worker",
      "the-api-key",
      URLS.ownerUrl,
    ])
      expect(Object.values(env)).not.toContain(secret);
});

test("the given environment is left as it was", () => {
  const given = Object.freeze(shell(DATABASES));
  webEnvironment(given, WITH_EMULATOR);
  workerEnvironment(given, SETTINGS);
  expect(given).toEqual(shell(DATABASES));
});
