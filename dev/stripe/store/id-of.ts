/** The id by which one stored object names another; empty where it names none. */
export const idOf = (reference: string | { readonly id: string } | null | undefined): string =>
  typeof reference === "string" ? reference : (reference?.id ?? "");
