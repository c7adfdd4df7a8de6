export const messages = {
  title: "Spell Platform: computation sold by the call",
  description:
    "Run WebAssembly programs with one request and pay for exactly that call, under a budget that holds.",
  headline: "Computation, sold by the call.",
  lead: "A spell is a WebAssembly program somebody published. You cast it with one request and pay for exactly that cast. Your budget is checked before anything runs, and it holds: not one cent over.",
  promises: [
    {
      title: "Never a cent over",
      text: "The most a cast can cost is set aside before it runs. What does not fit does not start, from however many machines you call at once.",
    },
    {
      title: "Hostile code is boring",
      text: "Every program runs walled in: no network, no files, bounded memory, output and time. When it fails you get a clear error, and pay nothing.",
    },
    {
      title: "Every charge can be proved",
      text: "Each cast stands in a ledger whose entries are chained by hash. Keep one link, and nobody can rewrite what came before it.",
    },
  ],
  live: {
    heading: "Cast one now",
    note: "text-stats, on the house. The text goes to a program in a sandbox of ours; it is not kept.",
    label: "Your text",
    sample: "The quick brown fox jumps over the lazy dog.\nThe dog does not mind.",
    button: "Cast text-stats",
    pending: "Casting…",
  },
  result: {
    locale: "en",
    heading: "What it gave back",
    words: "Words",
    lines: "Lines",
    characters: "Characters",
    top: "Most frequent words",
    cost: "Cost",
    free: "free",
    time: "In the sandbox",
    spell: "Spell",
    cast: "Cast",
  },
  refusals: {
    empty: "Write a text first: an empty one has nothing to count.",
    tooLong: "That text is too long: at most 10,000 characters, please.",
    rate: "That was a lot of casts in a short time. Wait a minute, then try again.",
    limit: "Today's casts on the house are used up. With a key of your own you can go on at once.",
    busy: "We cannot run your cast at this moment. Try again in a few seconds; nothing was charged.",
    failed: "The spell could not make sense of that text. Nothing was charged.",
  },
  program: {
    heading: "The same from a program",
    note: "With a key of your own, by REST or with types by tRPC.",
    docs: "Read the API reference",
    request: "The request",
    answer: "The answer",
    client: "With types, in TypeScript",
  },
};
