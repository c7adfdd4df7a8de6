import { expect, test } from "vitest";
import { fieldsOf, formatCvc, formatExpiry, formatNumber, stateOf } from "./card-input.ts";

test("what is typed is put into the form that cards have", () => {
  expect(formatNumber("4242424242424242")).toBe("4242 4242 4242 4242");
  expect(formatNumber("42a42-4")).toBe("4242 4");
  expect(["1", "4", "12", "124", "12 / 40", "1240"].map(formatExpiry)).toEqual([
    "1",
    "04",
    "12",
    "12 / 4",
    "12 / 40",
    "12 / 40",
  ]);
  expect(formatCvc("12a345")).toBe("1234");
});

test("the first field that is not complete is named, in the language of the page", () => {
  const typed = { number: "4242 4242 4242 4242", expiry: "12 / 40", cvc: "123" };
  expect(stateOf(typed, "en")).toMatchObject({ isEmpty: false, isComplete: true, problem: null });
  expect(stateOf({ number: "", expiry: "", cvc: "" }, "en").isEmpty).toBe(true);
  expect(stateOf({ ...typed, number: "4242", cvc: "" }, "en").problem?.code).toBe("incomplete_number");
  expect(stateOf({ ...typed, expiry: "1" }, "en").problem?.message).toBe(
    "Your card's expiration date is incomplete.",
  );
  expect(stateOf({ ...typed, cvc: "" }, "ja").problem?.message).toContain("セキュリティコード");
});

test("the API gets digits", () => {
  expect(fieldsOf({ number: "4242 4242 4242 4242", expiry: "12 / 40", cvc: "123" })).toMatchObject({
    "payment_method_data[card][number]": "4242424242424242",
    "payment_method_data[card][exp_month]": "12",
    "payment_method_data[card][exp_year]": "40",
  });
});
