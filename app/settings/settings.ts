import { textIn } from "../forms/text-in.ts";
import type { Caller } from "../../server/trpc/router.ts";

export type Profile = Awaited<ReturnType<Caller["people"]["me"]>>;
export type Session = Awaited<ReturnType<Caller["identity"]["sessions"]>>[number];

export const SETTINGS_PATH = "/dashboard/settings";

/** What a form of the settings asks for: its field `intent`. */
export const INTENTS = {
  profile: ["intent", "profile"],
  endSession: ["intent", "end-session"],
  endOthers: ["intent", "end-others"],
} as const;

/** The fields of the profile's form as they were typed. */
export interface ProfileFields {
  readonly name: string;
  readonly language: string;
}

/** Reads the fields of the profile's form, or of an address that fills it. */
export const readProfileFields = (given: FormData | URLSearchParams): ProfileFields => ({
  name: textIn(given, "name"),
  language: textIn(given, "language"),
});
