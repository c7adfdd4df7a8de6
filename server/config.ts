/**
 * The only reader of the environment. Every process parses it once at start; a bad or missing field stops the start
 * with all of them listed. `docs/configuration.md` explains each.
 */
import { z } from "zod";

const MIB = 1024 * 1024;

const whole = (min: number, max: number, byDefault: number) =>
  z.coerce.number().int().min(min).max(max).default(byDefault);

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });

/** 32 bytes or more of base64url: what `make run` and `openssl rand -base64 32 | tr +/ -_` give. */
const secret = z.string().regex(/^[A-Za-z0-9_-]{43,}={0,2}$/, "at least 32 bytes in base64url");

const webUrl = z.url({ protocol: /^https?$/ });

/** Who signs people in. GitHub Enterprise has both addresses at its own. */
const github = {
  GITHUB_BASE_URL: webUrl.default("https://github.com"),
  GITHUB_API_URL: webUrl.default("https://api.github.com"),
  GITHUB_CLIENT_ID: z.string().min(1).optional(),
  GITHUB_CLIENT_SECRET: z.string().min(1).optional(),
};

/** Stripe's API, which whole processes speak to; without a secret key no card can be registered. */
const stripeApi = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(
      /^[rs]k_(?:live|test)_\w+$/,
      "a secret or restricted key: sk_live_, sk_test_, rk_live_ or rk_test_",
    )
    .optional(),
  STRIPE_API_BASE: webUrl.default("https://api.stripe.com"),
};

/** Stripe's script and pages, which our pages may load and lead to; without a publishable key they may not. */
const stripePages = {
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(?:live|test)_\w+$/, "a publishable key: pk_live_ or pk_test_")
    .optional(),
  STRIPE_JS_URL: webUrl.default("https://js.stripe.com/v3"),
  STRIPE_CHECKOUT_URL: webUrl.default("https://checkout.stripe.com"),
  STRIPE_HOOKS_URL: webUrl.default("https://hooks.stripe.com"),
};

/** The secrets by which we know that an event comes from Stripe: more than one while they are changed. */
const webhookSecrets = z
  .string()
  .regex(/^whsec_\w+(?:,whsec_\w+)*$/, "whsec_..., several separated by commas")
  .transform((text) => text.split(","));

/** Origins, separated by commas or spaces: what browsers on other sites may read of /v1. */
const origins = z
  .string()
  .default("")
  .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ""))
  .refine((given) => given.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
    message: "origins such as https://app.example.com, separated by commas",
  });

const shared = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
};

const money = {
  BUDGET_DEFAULT_CENTS: whole(1, 100_000_000, 5_000),
  BUDGET_MIN_CENTS: whole(1, 100_000_000, 1_000),
  BUDGET_MAX_CENTS: whole(1, 100_000_000, 50_000),
  FREE_ALLOWANCE_CENTS: whole(0, 1_000_000, 100),
  FREE_FUEL_DAILY: whole(0, 1_000_000_000_000_000, 1_000_000_000_000),
};

const limits = {
  RATE_LIMIT_USER_RPM: whole(1, 1_000_000_000, 60),
  RATE_LIMIT_ADDRESS_RPM: whole(1, 1_000_000_000, 10),
  KEY_GRACE_SECONDS: whole(0, 2_592_000, 86_400),
  CAST_WALL_MAX_MS: whole(1, 600_000, 30_000),
  CAST_MEMORY_MAX_BYTES: whole(65_536, 4_096 * MIB, 512 * MIB),
  CAST_FUEL_MAX: whole(1, 1_000_000_000_000, 100_000_000_000),
  CAST_OUTPUT_BYTES: whole(1, 64 * MIB, MIB),
  CAST_LOG_BYTES: whole(0, MIB, 4_096),
  CAST_PAYLOAD_BYTES: whole(1, 64 * MIB, MIB),
  CAST_QUEUE_MS: whole(1, 600_000, 10_000),
  CAST_THREADS: whole(1, 1_024, 4),
  CAST_LONG_THREADS: whole(0, 1_024, 8),
  CAST_ASYNC_QUEUE_MS: whole(1, 2_000_000_000, 3_600_000),
  IDEMPOTENCY_MS: whole(1, 31_536_000_000, 86_400_000),
  CAST_QUEUE_LENGTH: whole(1, 1_000_000, 1_024),
  MODULE_MAX_BYTES: whole(1, 256 * MIB, 10 * MIB),
  PACKAGE_MAX_BYTES: whole(1, 1_024 * MIB, 32 * MIB),
  MODULE_CACHE_BYTES: whole(MIB, 64 * 1024 * MIB, 256 * MIB),
};

const HTTPS_IN_PRODUCTION = [
  "APP_URL",
  "GITHUB_BASE_URL",
  "GITHUB_API_URL",
  "STRIPE_JS_URL",
  "STRIPE_API_BASE",
  "STRIPE_CHECKOUT_URL",
  "STRIPE_HOOKS_URL",
] as const;

/** What no spending may go without, once there is real money. */
const NEEDED_FOR_LIVE = ["STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"] as const;

interface StripeSettings {
  readonly STRIPE_SECRET_KEY?: string | undefined;
  readonly STRIPE_PUBLISHABLE_KEY?: string | undefined;
  readonly STRIPE_WEBHOOK_SECRET?: readonly string[] | undefined;
}

/** What is wrong with Stripe's keys among each other, by the field to mend. */
function stripeProblems(env: StripeSettings): Readonly<Record<string, string>> {
  const { STRIPE_SECRET_KEY: secret, STRIPE_PUBLISHABLE_KEY: publishable } = env;
  const given = NEEDED_FOR_LIVE.filter((name) => env[name] !== undefined);
  if (secret === undefined)
    return Object.fromEntries(given.map((name) => [name, "is of no use without STRIPE_SECRET_KEY"]));
  const mode = keyMode(env);
  const missing = mode === "live" ? NEEDED_FOR_LIVE.filter((name) => env[name] === undefined) : [];
  return {
    ...Object.fromEntries(missing.map((name) => [name, "is required with a live STRIPE_SECRET_KEY"])),
    ...(publishable !== undefined && !publishable.startsWith(`pk_${mode}_`)
      ? { STRIPE_PUBLISHABLE_KEY: "must be of the mode of STRIPE_SECRET_KEY" }
      : {}),
  };
}

const webEnvironment = z
  .object({
    ...shared,
    ADMIN_SECRET: z.string().min(32).optional(),
    ...money,
    ...limits,
    ...github,
    ...stripeApi,
    ...stripePages,
    STRIPE_WEBHOOK_SECRET: webhookSecrets.optional(),
    PORT: whole(0, 65_535, 3_000),
    APP_URL: webUrl.default("http://localhost:3000"),
    DATABASE_URL: postgresUrl,
    DATABASE_POOL_SIZE: whole(1, 1_000, 16),
    KEY_PEPPER: secret,
    RECEIPT_KEY: secret,
    CORS_ORIGINS: origins,
    CLIENT_IP_HEADER: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/)
      .optional(),
    SHUTDOWN_MS: whole(1, 600_000, 8_000),
  })
  .refine(
    (env) =>
      env.BUDGET_MIN_CENTS <= env.BUDGET_DEFAULT_CENTS && env.BUDGET_DEFAULT_CENTS <= env.BUDGET_MAX_CENTS,
    {
      path: ["BUDGET_DEFAULT_CENTS"],
      message: "must be from BUDGET_MIN_CENTS to BUDGET_MAX_CENTS",
    },
  )
  .refine((env) => (env.GITHUB_CLIENT_ID === undefined) === (env.GITHUB_CLIENT_SECRET === undefined), {
    path: ["GITHUB_CLIENT_SECRET"],
    message: "must be set together with GITHUB_CLIENT_ID, or neither",
  })
  .superRefine((env, context) => {
    for (const [name, message] of Object.entries(stripeProblems(env)))
      context.addIssue({ code: "custom", path: [name], message });
    if (env.NODE_ENV !== "production") return;
    for (const name of HTTPS_IN_PRODUCTION) {
      if (env[name].startsWith("https://")) continue;
      context.addIssue({ code: "custom", path: [name], message: "must be https in production" });
    }
    if (env.GITHUB_CLIENT_ID === undefined)
      context.addIssue({ code: "custom", path: ["GITHUB_CLIENT_ID"], message: "is required in production" });
  });

const workerEnvironment = z
  .object({
    ...shared,
    ...money,
    ...limits,
    ...stripeApi,
    DATABASE_WORKER_URL: postgresUrl,
    WORKER_OPS_PORT: whole(0, 65_535, 0),
  })
  .refine((env) => env.NODE_ENV !== "production" || env.STRIPE_API_BASE.startsWith("https://"), {
    path: ["STRIPE_API_BASE"],
    message: "must be https in production",
  });

const migrationEnvironment = z.object({
  DATABASE_OWNER_URL: postgresUrl,
  DATABASE_URL: postgresUrl,
  DATABASE_WORKER_URL: postgresUrl,
});

const databaseEnvironment = z.object({ DATABASE_URL: postgresUrl });

export type Config = z.output<typeof webEnvironment>;
export type WorkerConfig = z.output<typeof workerEnvironment>;
export type MigrationConfig = z.output<typeof migrationEnvironment>;

/** Thrown at start; the message lists every bad field and never a value. */
export class BadConfiguration extends Error {
  override readonly name = "BadConfiguration";
}

function parse<Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  // An empty variable is what shells and compose files make of an unset one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new BadConfiguration(`The environment is not usable:\n${lines.join("\n")}`);
}

export const readConfig = (env: NodeJS.ProcessEnv = process.env): Config => parse(webEnvironment, env);
export const readWorkerConfig = (env: NodeJS.ProcessEnv = process.env): WorkerConfig =>
  parse(workerEnvironment, env);
export const readMigrationConfig = (env: NodeJS.ProcessEnv = process.env): MigrationConfig =>
  parse(migrationEnvironment, env);
/** For commands that need the database and nothing else. */
export const readDatabaseUrl = (env: NodeJS.ProcessEnv = process.env): string =>
  parse(databaseEnvironment, env).DATABASE_URL;

/** `live` only with a live Stripe key: it names the kind of API keys this deployment makes and accepts. */
export function keyMode({
  STRIPE_SECRET_KEY: key,
}: Pick<StripeSettings, "STRIPE_SECRET_KEY">): "live" | "test" {
  return key !== undefined && /^[rs]k_live_/.test(key) ? "live" : "test";
}

/** The mode of the account at Stripe; null: there is none. */
export const stripeMode = (config: Pick<StripeSettings, "STRIPE_SECRET_KEY">): "live" | "test" | null =>
  config.STRIPE_SECRET_KEY === undefined ? null : keyMode(config);
