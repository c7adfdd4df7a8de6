/** A field's text; empty where there is none, or a file in its place. */
export function textIn(given: FormData | URLSearchParams, name: string): string {
  const value = given.get(name);
  return typeof value === "string" ? value : "";
}
