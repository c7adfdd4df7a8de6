export const messages = {
  title: "Errors · Spell Platform",
  titleOf: (error: string) => `${error} · Spell Platform`,
  reference: "API reference",
  headline: "Errors",
  lead: "Every error has a name that a program can decide by, and a page here that says what it means and what to do.",
  trail: "You are here",
  status: "Status",
  category: "Category",
  meaning: "What it means",
  remedy: "What to do",
  givenBy: "Where it is given",
  givenByAll: "Every endpoint can give it.",
  givenByNone: "It is given before a request reaches an endpoint.",
  categories: {
    heading: "Categories",
    entries: [
      { name: "NETWORK_RETRYABLE", meaning: "Wait as long as `Retry-After` says, then send the same again." },
      {
        name: "TRANSIENT_RUNTIME",
        meaning: "It failed on our side, or took too long; the same may work again.",
      },
      {
        name: "PERM_CONFIG",
        meaning: "The same will be refused until the request, the key or a limit changes.",
      },
      { name: "PERM_RUNTIME", meaning: "The program cannot do this payload; the same will fail again." },
    ],
  },
};
