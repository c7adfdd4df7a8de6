import { expect, test } from "vitest";
import { formatsOf } from "../language/formats.ts";
import { mostMicros, priceInWords } from "./price.ts";
import { messages } from "./spell.messages.ts";

const price = (flat_micros: number, rate_micros_per_million_fuel = 0) => ({
  flat_micros,
  rate_micros_per_million_fuel,
});
const words = (language: "en" | "ja", given: ReturnType<typeof price>) =>
  priceInWords(messages[language], formatsOf(language), given);

test("a price is said exactly, in both languages", () => {
  expect(words("en", price(0))).toBe("Free");
  expect(words("en", price(10_000))).toBe("$0.01 for each completed cast");
  expect(words("en", price(0, 7))).toBe("$0.000007 for each million units of fuel");
  expect(words("en", price(1_500, 20))).toBe("$0.0015 a cast, and $0.00002 for each million units of fuel");
  expect(words("ja", price(10_000))).toBe("完了したキャスト 1 回につき $0.01");
});

test("the most a cast can cost is rounded up once, and exact beyond what floats hold", () => {
  expect(mostMicros(price(5), 1_000_000)).toBe(5);
  expect(mostMicros(price(5, 3), 1)).toBe(6);
  expect(mostMicros(price(0, 499_999_999), 999_999_999_999)).toBe(499_999_998_999_501);
});
