/** Requests that may be sent again: who names them by an `Idempotency-Key` is answered once and charged once. */
import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { InvalidRequest } from "../errors.ts";
import type { HttpEnvironment } from "./environment.ts";

/** Visible ASCII, as header values can carry it. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Reads the key and the digest of what it stands for: path and raw body. Stands behind the limit of the body. */
export const readIdempotency = createMiddleware<HttpEnvironment>(async (c, next) => {
  const key = c.req.header("Idempotency-Key");
  if (key !== undefined) {
    if (!KEY.test(key))
      throw new InvalidRequest([
        { field: "Idempotency-Key", message: "must be 1 to 255 visible ASCII characters" },
      ]);
    // Read raw before anything parses it; what parses it later reads this copy.
    const body = new Uint8Array(await c.req.arrayBuffer());
    const requestDigest = createHash("sha256").update(c.req.path).update("\0").update(body).digest();
    c.set("idempotency", { key: Buffer.from(key), requestDigest });
  }
  await next();
});

/** Does the request ask to be answered before the work is done (RFC 7240)? */
export const prefersAsync = (header: string | undefined): boolean =>
  header?.split(",").some((preference) => /^\s*respond-async\s*(?:;|$)/i.test(preference)) ?? false;
