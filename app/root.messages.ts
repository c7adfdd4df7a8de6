export const messages = {
  frame: {
    name: "Spell Platform",
    skip: "Skip to content",
    nav: "Main",
    links: [{ href: "/docs", name: "API reference" }],
    motto: "Computation sold by the call. A hard budget, an exact price, a ledger that proves both.",
    more: "For programs",
    programs: [
      { href: "/docs/errors", name: "Errors" },
      { href: "/v1/openapi.json", name: "OpenAPI" },
      { href: "/v1/spells", name: "Grimoire" },
      { href: "/v1/ledger/head", name: "Ledger head" },
    ],
  },
  missing: { title: "There is no such page", detail: "The address may be mistyped, or the page has moved." },
  unfit: { title: "This page cannot do that", detail: "The request was not one that a page of ours sends." },
  failed: {
    title: "Something went wrong here",
    detail: "It is logged on our side. Nothing was charged. Try again in a moment.",
  },
  home: "Back to the first page",
  titleOf: (title: string) => `${title} · Spell Platform`,
};
