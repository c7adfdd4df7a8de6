/** What a request says of where it came through, which only the guards in front of Remix may judge. */
const JUDGED = ["Origin", "X-Forwarded-Host"];

/**
 * The request as Remix may see it. Remix has an origin check of its own that believes X-Forwarded-Host and answers
 * 500; ours was made before, against the configured origin.
 */
export function withoutForwarding(request: Request): Request {
  // Most have nothing of it, and a request is no cheap thing to copy.
  if (!JUDGED.some((name) => request.headers.has(name))) return request;
  const headers = new Headers(request.headers);
  for (const name of JUDGED) headers.delete(name);
  return new Request(request, { headers });
}
