/**
 * Lucia keeps the sessions of people. It is no longer maintained, so nothing beyond this folder knows of it, and of its
 * parts only sessions and keys are used: cookies, origins and bearer tokens are ours (docs/decisions/013).
 */
import { lucia, type LuciaErrorConstructor, type SessionSchema } from "lucia";
import type { Clock, Language, Platform } from "../../context.ts";
import type { SessionRow } from "../../db/sessions.ts";
import { personAdapter } from "./lucia-people.ts";
import { sessionAdapter } from "./lucia-sessions.ts";

const SESSION_MS = 30 * 86_400_000;

declare global {
  // Lucia's own way to be told of attributes.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Lucia {
    type Auth = ReturnType<typeof createSessionKeeper>;
    interface DatabaseUserAttributes {
      readonly login: string;
      readonly name: string | null;
      readonly email: string;
      readonly language: Language;
      readonly terms_version: string;
    }
    interface DatabaseSessionAttributes {
      readonly user_agent: string | null;
      /** Of a session that was looked up by its token: what was read with it, in the same statement. */
      readonly known?: Pick<SessionRow, "login" | "isPastDue" | "scopes">;
    }
  }
}

/**
 * Sessions last 30 days from sign-in and are not renewed: who is signed in for longer signs in again. `clock` matters to
 * the state of a session alone.
 */
export const createSessionKeeper = (parts: Pick<Platform, "db">, clock: Clock = { offsetMs: 0 }) =>
  lucia({
    adapter: (LuciaError: LuciaErrorConstructor) => ({
      ...personAdapter(parts, LuciaError),
      ...sessionAdapter(parts, clock),
    }),
    getSessionAttributes: ({ known }: SessionSchema) => ({ known }),
    env: "PROD",
    csrfProtection: false,
    sessionExpiresIn: { activePeriod: SESSION_MS, idlePeriod: 0 },
  });
