/** For those who run the product: is it alive, can it serve, what does it count. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Platform } from "../context.ts";
import { checkReadiness } from "../services/ops/readiness.ts";
import type { HttpEnvironment } from "./environment.ts";

export function registerOps(app: OpenAPIHono<HttpEnvironment>, platform: Platform, version: string): void {
  const { metrics, runtime } = platform;
  const ready = checkReadiness(platform);
  app.get("/healthz", (c) => c.json({ status: "ok", version }));
  app.get("/readyz", async (c) => {
    const failed = await ready();
    return failed === null
      ? c.json({ status: "ready" }, 200)
      : c.json({ status: "not ready", failed }, 503, { "Retry-After": "1" });
  });
  app.get("/metrics", async (c) => {
    metrics.queueDepth.set(runtime.queueDepth);
    return c.body(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType });
  });
}
