/** Bodies have a largest size, whatever says or does not say how large they are. */
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { PayloadTooLarge } from "../errors.ts";
import type { HttpEnvironment } from "./environment.ts";

/**
 * Refuses a body of more than `maxBytes`. Node.js takes exactly as many bytes as `Content-Length` says, and none where
 * neither that nor a transfer coding is given: only a body in chunks has to be counted as it comes, which makes a whole
 * `Request` and its stream of it. @throws PayloadTooLarge
 */
export function limitBody(maxBytes: number) {
  const refuse = () => {
    throw new PayloadTooLarge(maxBytes);
  };
  const countChunks = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return createMiddleware<HttpEnvironment>((c, next) => {
    if (c.req.header("Transfer-Encoding") !== undefined) return countChunks(c, next);
    if (Number(c.req.header("Content-Length") ?? 0) > maxBytes) refuse();
    return next();
  });
}
