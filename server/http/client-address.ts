import { getConnInfo } from "@hono/node-server/conninfo";
import type { Config } from "../config.ts";
import type { HttpContext } from "./environment.ts";

/**
 * The address that a request without credentials is counted against: the socket's, or the configured header's when a
 * proxy in front is trusted to set it. Of a list the last is taken: that one the proxy itself added.
 */
export function clientAddress(
  { CLIENT_IP_HEADER: header }: Pick<Config, "CLIENT_IP_HEADER">,
  c: HttpContext,
): string {
  const forwarded = header === undefined ? undefined : c.req.header(header)?.split(",").at(-1)?.trim();
  return forwarded ?? getConnInfo(c).remote.address ?? "";
}
