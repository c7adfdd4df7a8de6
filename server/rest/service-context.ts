import type { Platform, ServiceContext } from "../context.ts";
import type { HttpContext } from "../http/environment.ts";

/** What a verb needs of a request that passed the `actor` guard. */
export const serviceContext = (platform: Platform, c: HttpContext): ServiceContext => ({
  ...platform,
  actor: c.get("actor"),
  requestId: c.get("requestId"),
});
