import { createMiddleware } from "hono/factory";
import type { Config } from "../config.ts";
import type { HttpEnvironment } from "./environment.ts";

/** RateLimit headers on every answer to a request that was counted against its account. */
export const rateHeaders = ({ RATE_LIMIT_USER_RPM: limit }: Pick<Config, "RATE_LIMIT_USER_RPM">) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    await next();
    const rate = c.get("rate") as HttpEnvironment["Variables"]["rate"] | undefined;
    if (rate === undefined) return;
    c.header("RateLimit-Limit", String(limit));
    c.header("RateLimit-Remaining", String(rate.remaining));
    c.header("RateLimit-Reset", String(Math.max(Math.ceil(rate.resetMs / 1_000), 0)));
  });
