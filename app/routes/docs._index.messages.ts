export const messages = {
  title: "API reference · Spell Platform",
  headline: "API reference",
  lead: "Everything a program can ask of Spell Platform. This page is made from the contracts that check each request.",
  openapi: "Take it as an OpenAPI 3.1 document.",
  contents: "On this page",
  introduction: [
    {
      id: "authentication",
      heading: "Authentication",
      paragraphs: [
        "Send an API key with each request: `Authorization: Bearer sk_…`. A key is shown once, when it is made with `POST /v1/keys`; we cannot show it again.",
        "A key has scopes, and where they do not reach the answer is `insufficient_scope`. Unless you say otherwise a new key has `cast` and `read`. Give each program a key of its own, with a monthly limit of its own: then one of them can be stopped without the others.",
        "`POST /v1/keys/{prefix}/rotate` gives a key a new secret without losing a request: the old one works for a day, or as long as you say. `PATCH /v1/keys/{prefix}` changes its name, scopes, limit and expiry. No key gives another, or itself, more than it has; signed in you can give everything.",
      ],
    },
    {
      id: "first-cast",
      heading: "A first cast",
      paragraphs: [
        "Name a spell and give it a payload: any JSON value that the spell's input schema allows. The answer comes after the cast stands in the ledger.",
        "`version` pins a version, which never changes. With `max_cost_cents` the cast is refused before it runs when its price is higher.",
      ],
    },
    {
      id: "typed-client",
      heading: "A typed client",
      paragraphs: [
        "The same verbs are at `/trpc`, typed from end to end. Use `httpLink`: each request is one call, and batches are refused. Errors carry the members of a problem in `data.problem`.",
      ],
    },
    {
      id: "errors",
      heading: "Errors",
      paragraphs: [
        "Every error is `application/problem+json` (RFC 9457). Decide by `error`, which never changes its meaning; `title` and `detail` are for people. Some errors carry further facts, as this one does.",
      ],
    },
    {
      id: "money",
      heading: "Money",
      paragraphs: [
        "`_micros` are millionths of a US dollar, always integers: 10,000 of them are a cent. `_cents` are US cents; what is spent is rounded up to them for display, and the exact micros stand beside it.",
        "Before a cast runs, the most it can cost is held against every limit in force. What does not fit is refused and does not start. When a cast ends, its hold becomes its cost or is released.",
      ],
    },
    {
      id: "rate-limits",
      heading: "Rate limits",
      paragraphs: [
        "Each request counts once against its account: 60 in a minute, unless the operator set another number. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (in seconds) are on every answer to it. Requests without a valid key count against their address: 10 in a minute.",
        "Above that the answer is `rate_limited`, with `Retry-After` in seconds.",
      ],
    },
    {
      id: "lists",
      heading: "Lists",
      paragraphs: [
        "Long lists come in pages: `data`, and `next_cursor` to send as `cursor` for the next page; null says that this was the last. Keys come all at once, as an array.",
      ],
    },
  ],
  examples: {
    curl: "The request",
    answer: "The answer",
    client: "TypeScript",
    problem: "A refused cast",
  },
  problemMembers: {
    heading: "In every problem",
    entries: [
      { name: "type", meaning: "The address of the page that explains this error." },
      { name: "title", meaning: "The error in a few words." },
      { name: "status", meaning: "The HTTP status." },
      { name: "detail", meaning: "What happened to this request." },
      { name: "error", meaning: "The error's name, in snake_case." },
      {
        name: "error_code",
        meaning:
          "The name in capitals; where a spell failed, how it did: `INVALID_INPUT`, `WASM_TRAP` and others.",
      },
      { name: "category", meaning: "What trying again is worth; see below." },
      {
        name: "request_id",
        meaning: "Finds the request in our log. It is in the header `X-Request-Id` too.",
      },
    ],
  },
  allErrors: "All errors",
  reference: {
    needsKey: "Needs a key",
    isOpen: "Open to everybody, without a key",
    parameters: "Parameters",
    body: "Request body",
    answer: (status: number) => `Answer ${status}`,
    errors: "Errors",
    places: { path: "in the path", query: "in the query", header: "as a header", cookie: "as a cookie" },
    required: "required",
    optional: "may be missing",
  },
};
