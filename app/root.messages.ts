export const messages = {
  missing: { title: "There is no such page", detail: "The address may be mistyped, or the page has moved." },
  failed: {
    title: "Something went wrong here",
    detail: "It is logged on our side. Nothing was charged. Try again in a moment.",
  },
  home: "Back to the first page",
};
