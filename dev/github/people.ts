/** The people of the emulated GitHub. Their ids are far above GitHub's own, so that none is a real person's. */
import { createHash } from "node:crypto";

export interface Person {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly email: string;
  readonly isEmailVerified: boolean;
  /** What the API does to applications that ask about this person, instead of answering. */
  readonly mischief: "slow" | "broken" | null;
  /** What this person is there for. */
  readonly about: string;
}

type Differences = Pick<Person, "name" | "about"> & Partial<Pick<Person, "isEmailVerified" | "mischief">>;

const FIRST_LISTED_ID = 9_000_000_001;
const FIRST_OTHER_ID = 9_000_001_000;

const make = (id: number, login: string, differences: Differences): Person => ({
  id,
  login,
  // A domain that RFC 2606 keeps for examples: no mail can reach anybody.
  email: `${login}@example.com`,
  isEmailVerified: true,
  mischief: null,
  ...differences,
});

const LISTED: readonly (readonly [login: string, differences: Differences])[] = [
  ["demo", { name: "Demo Caster", about: "Whom make run signs in" }],
  ["ada-maker", { name: "Ada Maker", about: "A second ordinary person" }],
  ["hanako-yamada", { name: "山田 花子", about: "A name in Japanese" }],
  ["no-name", { name: null, about: "Has not given a name" }],
  ["unverified", { name: "Una Verified", about: "The e-mail is not verified", isEmailVerified: false }],
  ["slow-hub", { name: "Slow Hub", about: "GitHub answers after 30 seconds", mischief: "slow" }],
  ["broken-hub", { name: "Broken Hub", about: "GitHub answers 502", mischief: "broken" }],
];

/** Those whom the page offers. */
export const PEOPLE: readonly Person[] = LISTED.map(([login, differences], index) =>
  make(FIRST_LISTED_ID + index, login, differences),
);

/** GitHub's rule for logins: letters, digits and single hyphens between them, 39 characters at most. */
const LOGIN = /^(?=.{1,39}$)[a-z\d]+(?:-[a-z\d]+)*$/;

const idOf = (login: string): number =>
  FIRST_OTHER_ID + createHash("sha256").update(login).digest().readUIntBE(0, 6);

const nameOf = (login: string): string =>
  login
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

/** Whoever has this login, in any case of its letters: always the same person. Null when no login can be like that. */
export function findPerson(text: string): Person | null {
  const login = text.trim().toLowerCase();
  const listed = PEOPLE.find((person) => person.login === login);
  if (listed !== undefined) return listed;
  return LOGIN.test(login)
    ? make(idOf(login), login, { name: nameOf(login), about: "Made from the login" })
    : null;
}
