import type { AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { expect, test } from "vitest";
import { loader } from "./docs.errors.$name.tsx";

const busy = {
  error: "busy",
  errorCodes: ["BUSY"],
  status: 503,
  title: "Busy",
  category: "TRANSIENT_RUNTIME",
  explanation: "Every thread is taken.",
  remedy: "Try again.",
};
const operation = (names: string) => ({
  responses: { 503: { description: names, content: { "application/problem+json": {} } } },
});

function load(name: string, language = "en") {
  // The loader reads these three.
  const context = {
    language,
    errorReference: [busy],
    apiReference: {
      paths: { "/v1/cast": { post: operation("`busy`: Busy") }, "/v1/keys": { get: operation("") } },
    },
  } as unknown as AppLoadContext;
  const request = new Request(`http://localhost/docs/errors/${name}`);
  return loader({ request, params: { name }, context } satisfies LoaderFunctionArgs);
}

test("an error's page says what it is and where it is given", async () => {
  expect(await load("busy").json()).toEqual({
    kind: busy,
    givenBy: [{ id: "post-v1-cast", method: "POST", path: "/v1/cast" }],
    isGivenByAll: false,
  });
});

test("a Japanese page says it in Japanese", async () => {
  const { kind } = await load("busy", "ja").json();
  expect(kind).toMatchObject({ error: "busy", status: 503, title: "混み合っています" });
});

test.for(["nope", "", "__proto__"])("no page explains the error %o", (name) => {
  expect(() => load(name)).toThrow(expect.objectContaining({ status: 404 }));
});
