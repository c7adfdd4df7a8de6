import { randomBytes } from "node:crypto";
import type { Person } from "./people.ts";

/** What a person allowed an application. */
export interface Grant {
  readonly person: Person;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** The S256 challenge that the code's verifier must meet. */
  readonly challenge: string | null;
}

const CODE_LIFE_MS = 600_000;

/** Codes and tokens that were given out. They live in memory: a new start of the emulator knows none of them. */
export class Grants {
  readonly #nowMs: () => number;
  readonly #codes = new Map<string, { readonly grant: Grant; readonly expiresAtMs: number }>();
  readonly #tokens = new Map<string, Grant>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A code that can be taken once within ten minutes. */
  giveCode(grant: Grant): string {
    const code = randomBytes(10).toString("hex");
    this.#codes.set(code, { grant, expiresAtMs: this.#nowMs() + CODE_LIFE_MS });
    return code;
  }

  /** What a code stands for; it is used up by that. Null when it is unknown, used or too old. */
  takeCode(code: string): Grant | null {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    return found !== undefined && found.expiresAtMs > this.#nowMs() ? found.grant : null;
  }

  giveToken(grant: Grant): string {
    const token = `gho_${randomBytes(18).toString("hex")}`;
    this.#tokens.set(token, grant);
    return token;
  }

  findToken(token: string): Grant | null {
    return this.#tokens.get(token) ?? null;
  }
}
