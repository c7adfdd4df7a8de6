import { expect, test } from "vitest";
import {
  BadConfiguration,
  keyMode,
  readConfig,
  readMigrationConfig,
  readWorkerConfig,
  stripeMode,
} from "./config.ts";

const SECRET = "0123456789012345678901234567890123456789_-A";
const NEEDED = {
  NODE_ENV: "test",
  DATABASE_URL: "postgres://app:password@localhost/spell",
  KEY_PEPPER: SECRET,
  RECEIPT_KEY: SECRET,
} as const;

const read = (more: Readonly<Record<string, string>> = {}) => readConfig({ ...NEEDED, ...more });

/** The fields that a refusal lists, each once. */
function badFields(act: () => unknown): string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    const fields = [...error.message.matchAll(/^ {2}(\w+): \S/gm)].map(([, field]) => field ?? "");
    return [...new Set(fields)];
  }
}

test("with what is needed and nothing else, the documented defaults hold", () => {
  expect(read()).toEqual({
    ...NEEDED,
    LOG_LEVEL: "info",
    PORT: 3_000,
    APP_URL: "http://localhost:3000",
    GITHUB_BASE_URL: "https://github.com",
    GITHUB_API_URL: "https://api.github.com",
    STRIPE_JS_URL: "https://js.stripe.com/v3",
    STRIPE_API_BASE: "https://api.stripe.com",
    STRIPE_CHECKOUT_URL: "https://checkout.stripe.com",
    STRIPE_HOOKS_URL: "https://hooks.stripe.com",
    CORS_ORIGINS: [],
    DATABASE_POOL_SIZE: 16,
    SHUTDOWN_MS: 8_000,
    BUDGET_DEFAULT_CENTS: 5_000,
    BUDGET_MIN_CENTS: 1_000,
    BUDGET_MAX_CENTS: 50_000,
    FREE_ALLOWANCE_CENTS: 100,
    FREE_FUEL_DAILY: 1_000_000_000_000,
    RATE_LIMIT_USER_RPM: 60,
    RATE_LIMIT_ADDRESS_RPM: 10,
    KEY_GRACE_SECONDS: 86_400,
    CAST_WALL_MAX_MS: 30_000,
    CAST_MEMORY_MAX_BYTES: 536_870_912,
    CAST_FUEL_MAX: 100_000_000_000,
    CAST_OUTPUT_BYTES: 1_048_576,
    CAST_LOG_BYTES: 4_096,
    CAST_PAYLOAD_BYTES: 1_048_576,
    CAST_QUEUE_MS: 10_000,
    CAST_ASYNC_QUEUE_MS: 3_600_000,
    IDEMPOTENCY_MS: 86_400_000,
    CAST_THREADS: 4,
    CAST_LONG_THREADS: 8,
    CAST_QUEUE_LENGTH: 1_024,
    MODULE_MAX_BYTES: 10_485_760,
    PACKAGE_MAX_BYTES: 33_554_432,
    MODULE_CACHE_BYTES: 268_435_456,
  });
});

test("numbers are read from text, and what is not ours is left out", () => {
  const config = read({ PORT: "8080", CAST_THREADS: "2", PATH: "/bin", STRIPE_SECRET_KEY: "sk_test_x" });
  expect(config).toMatchObject({ PORT: 8_080, CAST_THREADS: 2, STRIPE_SECRET_KEY: "sk_test_x" });
  expect(config).not.toHaveProperty("PATH");
});

test("an empty variable is an unset one", () => {
  expect(read({ PORT: "", APP_URL: "", STRIPE_SECRET_KEY: "", CLIENT_IP_HEADER: "" })).toEqual(read());
  expect(badFields(() => read({ KEY_PEPPER: "" }))).toEqual(["KEY_PEPPER"]);
});

/** A value that each field refuses; those that are text hold a word that must not come out again. */
const BAD: Readonly<Record<string, string>> = {
  NODE_ENV: "hunter2",
  LOG_LEVEL: "hunter2",
  PORT: "65536",
  APP_URL: "ftp://hunter2.example",
  DATABASE_URL: "mysql://app:hunter2@localhost/spell",
  DATABASE_POOL_SIZE: "0",
  KEY_PEPPER: "hunter2-hunter2-hunter2",
  RECEIPT_KEY: "hunter2 hunter2 hunter2 hunter2 hunter2 hunter2 hunter2",
  CLIENT_IP_HEADER: "X Hunter2",
  STRIPE_SECRET_KEY: "sk_hunter2",
  STRIPE_PUBLISHABLE_KEY: "sk_test_hunter2",
  STRIPE_WEBHOOK_SECRET: "whsec_a,hunter2",
  SHUTDOWN_MS: "hunter2",
  BUDGET_DEFAULT_CENTS: "-1",
  BUDGET_MIN_CENTS: "0",
  BUDGET_MAX_CENTS: "1.5",
  FREE_ALLOWANCE_CENTS: "-1",
  FREE_FUEL_DAILY: "-1",
  RATE_LIMIT_USER_RPM: "0",
  RATE_LIMIT_ADDRESS_RPM: "Infinity",
  KEY_GRACE_SECONDS: "2592001",
  CAST_WALL_MAX_MS: "600001",
  CAST_MEMORY_MAX_BYTES: "65535",
  CAST_FUEL_MAX: "0",
  CAST_OUTPUT_BYTES: "67108865",
  CAST_LOG_BYTES: "-1",
  CAST_PAYLOAD_BYTES: "0",
  CAST_QUEUE_MS: "NaN",
  CAST_THREADS: "1025",
  CAST_LONG_THREADS: "1025",
  CAST_QUEUE_LENGTH: "0",
  MODULE_MAX_BYTES: "ten",
  PACKAGE_MAX_BYTES: "0",
  MODULE_CACHE_BYTES: "1048575",
};

test.each(Object.entries(BAD))("%s may not be %j", (field, value) => {
  expect(badFields(() => read({ [field]: value }))).toEqual([field]);
});

test("all bad fields are listed at once, and no value is told", () => {
  const act = () => read(BAD);
  expect(badFields(act).sort()).toEqual(Object.keys(BAD).sort());
  expect(act).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/hunter2/i) as string }));
});

test("all missing fields are listed at once", () => {
  expect(badFields(() => readConfig({ NODE_ENV: "test" }))).toEqual([
    "DATABASE_URL",
    "KEY_PEPPER",
    "RECEIPT_KEY",
  ]);
});

test("in production addresses have to be https, and somebody must be able to sign in", () => {
  const github = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };
  expect(badFields(() => read({ NODE_ENV: "production" }))).toEqual(["APP_URL", "GITHUB_CLIENT_ID"]);
  const inClear = {
    APP_URL: "http://spell.example",
    GITHUB_BASE_URL: "http://github.example",
    GITHUB_API_URL: "http://github.example/api/v3",
    STRIPE_JS_URL: "http://stripe.example",
    STRIPE_API_BASE: "http://stripe.example",
    STRIPE_CHECKOUT_URL: "http://stripe.example",
  };
  expect(badFields(() => read({ NODE_ENV: "production", ...github, ...inClear }))).toEqual(
    Object.keys(inClear),
  );
  const production = { NODE_ENV: "production", ...github, APP_URL: "https://spell.example" };
  expect(read(production).APP_URL).toBe("https://spell.example");
  expect(badFields(() => read({ ...production, GITHUB_CLIENT_SECRET: "" }))).toEqual([
    "GITHUB_CLIENT_SECRET",
  ]);
  expect(read({ APP_URL: "http://spell.example" }).APP_URL).toBe("http://spell.example");
});

test.each([
  ["1000", "999", "50000"],
  ["1000", "50001", "50000"],
])("of minimum %s, default %s and maximum %s the default is refused", (minimum, byDefault, maximum) => {
  const budgets = { BUDGET_MIN_CENTS: minimum, BUDGET_DEFAULT_CENTS: byDefault, BUDGET_MAX_CENTS: maximum };
  expect(badFields(() => read(budgets))).toEqual(["BUDGET_DEFAULT_CENTS"]);
});

test("minimum, default and maximum may be one", () => {
  const budgets = { BUDGET_MIN_CENTS: "70", BUDGET_DEFAULT_CENTS: "70", BUDGET_MAX_CENTS: "70" };
  expect(read(budgets)).toMatchObject({ BUDGET_DEFAULT_CENTS: 70 });
});

test("secrets are 32 bytes of base64url at least, with or without padding", () => {
  for (const good of ["a".repeat(43), `${"a".repeat(43)}=`, "a".repeat(86)]) read({ KEY_PEPPER: good });
  for (const bad of ["a".repeat(42), `${"a".repeat(42)}=`, `${"a".repeat(42)}+`, `${"a".repeat(43)}\n`])
    expect(badFields(() => read({ KEY_PEPPER: bad }))).toEqual(["KEY_PEPPER"]);
});

test("the worker needs its own database alone, casts within the same limits, and keeps no secret of the web", () => {
  const url = "postgresql://worker:password@localhost/spell";
  const config = readWorkerConfig({ NODE_ENV: "production", DATABASE_WORKER_URL: url, KEY_PEPPER: SECRET });
  expect(config).toMatchObject({
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    DATABASE_WORKER_URL: url,
    WORKER_OPS_PORT: 0,
  });
  expect(config).not.toHaveProperty("KEY_PEPPER");
  const web = read();
  for (const [name, value] of Object.entries(config)) {
    if (/^(?:CAST|MODULE|BUDGET|FREE|IDEMPOTENCY)_/.test(name)) expect(web).toHaveProperty(name, value);
  }
  expect(badFields(() => readWorkerConfig({ NODE_ENV: "test", WORKER_OPS_PORT: "-1" }))).toEqual([
    "DATABASE_WORKER_URL",
    "WORKER_OPS_PORT",
  ]);
});

const LIVE = {
  STRIPE_SECRET_KEY: "sk_live_a",
  STRIPE_PUBLISHABLE_KEY: "pk_live_a",
  STRIPE_WEBHOOK_SECRET: "whsec_a",
};

test("with a live key at Stripe, nothing starts that could not collect", () => {
  expect(read(LIVE)).toMatchObject({ STRIPE_WEBHOOK_SECRET: ["whsec_a"] });
  expect(read({ ...LIVE, STRIPE_SECRET_KEY: "rk_live_a" })).toBeDefined();
  for (const missing of ["STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"])
    expect(badFields(() => read({ ...LIVE, [missing]: "" }))).toEqual([missing]);
  expect(badFields(() => read({ STRIPE_SECRET_KEY: "sk_live_a" })).sort()).toEqual([
    "STRIPE_PUBLISHABLE_KEY",
    "STRIPE_WEBHOOK_SECRET",
  ]);
  expect(read({ STRIPE_SECRET_KEY: "sk_test_a" })).toMatchObject({ STRIPE_SECRET_KEY: "sk_test_a" });
});

test("Stripe's keys are of one mode, and of no use without the secret one", () => {
  const mixed = { STRIPE_SECRET_KEY: "sk_test_a", STRIPE_PUBLISHABLE_KEY: "pk_live_a" };
  expect(badFields(() => read(mixed))).toEqual(["STRIPE_PUBLISHABLE_KEY"]);
  expect(badFields(() => read({ ...LIVE, STRIPE_PUBLISHABLE_KEY: "pk_test_a" }))).toEqual([
    "STRIPE_PUBLISHABLE_KEY",
  ]);
  expect(badFields(() => read({ ...LIVE, STRIPE_SECRET_KEY: "" }))).toEqual([
    "STRIPE_PUBLISHABLE_KEY",
    "STRIPE_WEBHOOK_SECRET",
  ]);
});

test("while a webhook's secret is rolled, two hold", () => {
  const rolling = { STRIPE_SECRET_KEY: "sk_test_a", STRIPE_WEBHOOK_SECRET: "whsec_a,whsec_b" };
  expect(read(rolling)).toMatchObject({ STRIPE_WEBHOOK_SECRET: ["whsec_a", "whsec_b"] });
});

test("the worker speaks to Stripe too, in production by https", () => {
  const url = "postgresql://worker@localhost/spell";
  const worker = {
    DATABASE_WORKER_URL: url,
    STRIPE_SECRET_KEY: "sk_test_a",
    STRIPE_WEBHOOK_SECRET: "whsec_a",
  };
  const config = readWorkerConfig({ NODE_ENV: "production", ...worker });
  expect(config).toMatchObject({ STRIPE_SECRET_KEY: "sk_test_a", STRIPE_API_BASE: "https://api.stripe.com" });
  expect(config).not.toHaveProperty("STRIPE_WEBHOOK_SECRET");
  const inClear = { NODE_ENV: "production", ...worker, STRIPE_API_BASE: "http://127.0.0.1" } as const;
  expect(badFields(() => readWorkerConfig(inClear))).toEqual(["STRIPE_API_BASE"]);
});

test("a migration needs all three databases", () => {
  const urls = {
    DATABASE_OWNER_URL: "postgres://owner@localhost/spell",
    DATABASE_URL: "postgres://app@localhost/spell",
    DATABASE_WORKER_URL: "postgres://worker@localhost/spell",
  };
  expect(readMigrationConfig({ ...urls, NODE_ENV: "production" })).toEqual(urls);
  expect(badFields(() => readMigrationConfig({ NODE_ENV: "test" }))).toEqual(Object.keys(urls));
});

test("keys are live only where Stripe is", () => {
  expect(keyMode(read())).toBe("test");
  expect(keyMode(read({ STRIPE_SECRET_KEY: "sk_test_sk_live_" }))).toBe("test");
  expect(keyMode(read({ ...LIVE, STRIPE_SECRET_KEY: "sk_live_abc" }))).toBe("live");
  expect(keyMode(read({ ...LIVE, STRIPE_SECRET_KEY: "rk_live_abc" }))).toBe("live");
  expect([stripeMode(read()), stripeMode(read({ STRIPE_SECRET_KEY: "sk_test_a" }))]).toEqual([null, "test"]);
});
