/** The mount of tRPC at /trpc. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Platform } from "../context.ts";
import { ProductError } from "../errors.ts";
import { beginRequest } from "../services/identity/begin-request.ts";
import { appRouter } from "../trpc/router.ts";
import type { Guards } from "./credentials.ts";
import type { HttpEnvironment } from "./environment.ts";

export function registerTrpc(app: OpenAPIHono<HttpEnvironment>, platform: Platform, guards: Guards): void {
  app.all("/trpc/*", async (c) => {
    const credential = await guards.identify(c);
    if (credential === null) await guards.countVisitor(c);
    const requestId = c.get("requestId");
    return fetchRequestHandler({
      endpoint: "/trpc",
      req: c.req.raw,
      router: appRouter,
      // One request, one call, one count against the rate.
      allowBatching: false,
      createContext: () => ({
        platform,
        credential,
        requestId,
        countVisitor: () => Promise.resolve(),
        begin: (known) => beginRequest(platform, known),
      }),
      onError: ({ error }) => {
        if (error.cause instanceof ProductError || error.code !== "INTERNAL_SERVER_ERROR") return;
        platform.log.error({ err: error.cause ?? error, requestId }, "tRPC call failed");
      },
    });
  });
}
