import { createMiddleware } from "hono/factory";
import type { Platform } from "../context.ts";
import type { HttpEnvironment } from "./environment.ts";

/** While the process leaves, no connection is kept for another request: the server closes when the last one does. */
export const closeWhenDraining = ({ drain }: Pick<Platform, "drain">) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    await next();
    if (drain.aborted) c.header("Connection", "close");
  });
