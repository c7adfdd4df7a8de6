import { expect, test } from "vitest";
import { centsOf, firstFields, readKeyFields, typedCents, wishesOf } from "./key-fields.ts";

test.each([
  ["", null],
  ["  ", null],
  ["0", 0],
  ["10", 1_000],
  ["$2.5", 250],
  ["0.07", 7],
  ["1.10", 110],
  ["１２．３４", 1_234],
])("typed as %j, a limit is %j cents", (typed, cents) => {
  expect(centsOf(typed)).toBe(cents);
});

test.each(["-1", "1.005", "1e3", "ten", "1,000", ".", "0x10", "10 €"])("%j is no amount", (typed) => {
  expect(centsOf(typed)).toBeNaN();
});

test.each([null, 0, 7, 250, 1_000, 123_456])("%j cents come back as they were shown", (cents) => {
  expect(centsOf(typedCents(cents))).toBe(cents);
});

test("a chosen day lasts until its end, and no day means never", () => {
  const fields = { name: "ci", limit: "", scopes: ["cast"] as const };
  expect(wishesOf({ ...fields, expires: "2027-01-31" }).expires_at).toBe("2027-01-31T23:59:59Z");
  expect(wishesOf({ ...fields, expires: "" }).expires_at).toBeNull();
});

test("the form of a new key ticks cast and read, unless its address says otherwise", () => {
  expect(firstFields(new URLSearchParams()).scopes).toEqual(["cast", "read"]);
  const back = firstFields(new URLSearchParams("name=ci&expires=&limit=5&scope=read&scope=admin"));
  expect(back).toEqual({ name: "ci", expires: "", limit: "5", scopes: ["read"] });
});

test("a file in a text's place is no text", () => {
  const form = new FormData();
  form.set("name", new Blob(["x"]));
  expect(readKeyFields(form).name).toBe("");
});
