/** What the address asks for by these names; an empty field asks for nothing. */
export function readAsked<Name extends string>(
  url: string,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const query = new URL(url).searchParams;
  const asked: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = query.get(name)?.trim() ?? "";
    if (value !== "") asked[name] = value;
  }
  return asked;
}
