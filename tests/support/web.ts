/** A real web process inside the test: real database, threads and sockets; only the folder it logs to is missing. */
import { randomBytes, randomUUID } from "node:crypto";
import { readConfig } from "../../server/config.ts";
import type { Clock } from "../../server/context.ts";
import { SCOPES, type Scope } from "../../server/context.ts";
import { registerCard } from "../../server/services/billing/register-card.ts";
import { replaceBudget } from "../../server/services/budgets/set.ts";
import { openPerson } from "../../server/services/identity/open-person.ts";
import { TERMS_VERSION } from "../../server/services/identity/terms.ts";
import { createSession } from "../../server/services/identity/create-session.ts";
import { createKey } from "../../server/services/keys/create.ts";
import { startWeb, type WebProcess } from "../../server/start-web.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { testCard } from "./test-card.ts";

export interface Person {
  readonly accountId: string;
  readonly apiKey: string;
  readonly sessionToken: string;
}

export interface PersonOptions {
  readonly hasCard?: boolean;
  readonly hardCents?: number;
  readonly scopes?: readonly Scope[];
  readonly monthlyLimitCents?: number;
}

/** A call of the API as anybody makes it. */
export interface CallOptions {
  readonly key?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; empty when it is no JSON object. */
  readonly body: Body;
}

/** The members that tests look at. One that is not there is undefined, whatever its type says: the test fails then. */
export interface Body {
  readonly id: string;
  readonly cast_id: string;
  readonly status: unknown;
  readonly result: unknown;
  readonly error: string;
  readonly error_code: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  readonly data: readonly { readonly id: string; readonly name: string }[];
  readonly next_cursor: string | null;
  readonly api_key: string;
  readonly prefix: string;
  readonly [member: string]: unknown;
}

export interface TestWeb {
  readonly baseUrl: string;
  readonly database: TestDatabase;
  readonly platform: WebProcess["platform"];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  cast(key: string, spellName: string, payload: unknown, more?: object): Promise<Answer>;
  person(options?: PersonOptions): Promise<Person>;
  close(): Promise<void>;
}

export interface TestWebOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Joins this database, which the caller drops, instead of making one. */
  readonly database?: TestDatabase;
}

function parse(text: string): Body {
  try {
    return Object(JSON.parse(text)) as Body;
  } catch {
    return {} as Body;
  }
}

/** Calls an address and reads the whole answer. */
export async function callApi(
  baseUrl: string,
  method: string,
  path: string,
  { key, body, rawBody, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(new URL(path, baseUrl), {
    method,
    redirect: "manual",
    headers: {
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      ...(sent === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : Buffer.from(sent) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

async function makePerson(platform: WebProcess["platform"], options: PersonOptions): Promise<Person> {
  const accountId = randomUUID();
  const login = `test-${randomBytes(6).toString("hex")}`;
  await openPerson(platform.db, {
    accountId,
    githubId: randomBytes(6).readUIntBE(0, 6),
    login,
    name: null,
    email: `${login}@spell.example`,
    language: "en",
    termsVersion: TERMS_VERSION,
  });
  const credential = { accountId, keyPrefix: null, sessionDigest: null };
  const ctx = { ...platform, actor: { credential, accountId, scopes: SCOPES }, requestId: "test" };
  if (options.hasCard ?? true) {
    await registerCard(platform, accountId, testCard());
  }
  if (options.hardCents !== undefined) {
    await replaceBudget(ctx, {
      period: "monthly",
      soft_limit_cents: null,
      hard_limit_cents: options.hardCents,
      notify_thresholds: [70, 90],
    });
  }
  const key = await createKey(ctx, {
    name: "test",
    expires_at: null,
    monthly_limit_cents: options.monthlyLimitCents ?? null,
    scopes: [...(options.scopes ?? SCOPES)],
  });
  const { token } = await createSession(platform, accountId);
  return { accountId, apiKey: key.api_key, sessionToken: token };
}

/** Starts a web process on a database of its own. `close` it in afterAll. */
export async function startTestWeb(options: TestWebOptions = {}): Promise<TestWeb> {
  const database = options.database ?? (await createTestDatabase());
  const config = readConfig({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    PORT: "0",
    DATABASE_URL: database.appUrl,
    DATABASE_POOL_SIZE: "8",
    KEY_PEPPER: "p".repeat(43),
    RECEIPT_KEY: "r".repeat(43),
    BUDGET_MIN_CENTS: "1",
    RATE_LIMIT_USER_RPM: "1000000",
    RATE_LIMIT_ADDRESS_RPM: "1000000",
    CAST_THREADS: "2",
    ...options.env,
  });
  const web = await startWeb(config, options.clock);
  const baseUrl = `http://localhost:${web.port}`;
  return {
    baseUrl,
    database,
    platform: web.platform,
    call: (method, path, call) => callApi(baseUrl, method, path, call),
    cast: (key, spellName, payload, more = {}) =>
      callApi(baseUrl, "POST", "/v1/cast", { key, body: { spell_name: spellName, payload, ...more } }),
    person: (person = {}) => makePerson(web.platform, person),
    close: async () => {
      await web.drain();
      if (options.database === undefined) await database.drop();
    },
  };
}
