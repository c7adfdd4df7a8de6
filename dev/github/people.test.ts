import { expect, test } from "vitest";
import { findPerson, PEOPLE } from "./people.ts";

test("nobody has the id of a real person, and nobody another one's", () => {
  const others = ["ada", "ben", "a-b", "a1"].map(findPerson);
  const ids = [...PEOPLE, ...others].map((person) => person?.id ?? 0);
  for (const id of ids) expect(Number.isSafeInteger(id) && id > 9_000_000_000).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a login that nobody listed has is always the same person, however it is typed", () => {
  const person = findPerson("fresh-face-7");
  expect(person).toMatchObject({
    login: "fresh-face-7",
    name: "Fresh Face 7",
    email: "fresh-face-7@example.com",
    isEmailVerified: true,
    mischief: null,
  });
  expect(findPerson(" Fresh-FACE-7 ")).toEqual(person);
});

test("a listed person can be named too", () => {
  for (const person of PEOPLE) expect(findPerson(person.login.toUpperCase())).toBe(person);
});

test.each(["a", "0", "a-b-c", "x".repeat(39)])("%s can be a login", (login) => {
  expect(findPerson(login)?.login).toBe(login);
});

test.each(["", " ", "-a", "a-", "a--b", "a_b", "a b", "é", "花子", "a/b", "<b>", "x".repeat(40)])(
  "%j cannot be a login",
  (text) => {
    expect(findPerson(text)).toBeNull();
  },
);
