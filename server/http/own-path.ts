/** Longer addresses are cut off by browsers and proxies. */
const MAX_CHARACTERS = 2_000;

/**
 * An address that may be led to because it is one of our own pages: a path with its query, or null for all else. What a
 * browser makes of it is asked, not guessed: `//evil.example`, `/\\evil.example` and control characters all look like paths.
 */
export function ownPath(given: string | null | undefined): string | null {
  if (given == null || !given.startsWith("/") || given.length > MAX_CHARACTERS) return null;
  const base = "http://own.invalid";
  if (!URL.canParse(given, base)) return null;
  const { origin, pathname, search } = new URL(given, base);
  return origin === base && !pathname.startsWith("//") ? pathname + search : null;
}
