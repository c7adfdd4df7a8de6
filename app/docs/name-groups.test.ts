import { expect, test } from "vitest";
import { nameGroups } from "./name-groups.ts";
import { describeOperations } from "./operations.ts";
import { schemaWords } from "./schema.messages.ts";

const operation = (tag: string, summary: string) => ({ tags: [tag], summary, responses: {} });
const groups = describeOperations(
  {
    paths: {
      "/v1/cast": { post: operation("Casting", "Cast a spell") },
      "/v1/new": { get: operation("New things", "Something new") },
    },
  },
  schemaWords.ja,
);
const namesIn = (language: "en" | "ja") =>
  nameGroups(groups, language).flatMap(({ named, operations }) => [
    named,
    ...operations.map((it) => it.named),
  ]);

test("names are in the language of the page, and what has none there says that it is English", () => {
  expect(namesIn("ja")).toEqual([
    { name: "キャスト", language: "ja" },
    { name: "スペルをキャストする", language: "ja" },
    { name: "New things", language: "en" },
    { name: "Something new", language: "en" },
  ]);
  expect(namesIn("en").map(({ name }) => name)).toEqual([
    "Casting",
    "Cast a spell",
    "New things",
    "Something new",
  ]);
});
