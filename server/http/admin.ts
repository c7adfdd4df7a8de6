/** What the house's own operators call. Without a secret configured none of it exists. */
import { hash, timingSafeEqual } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Platform } from "../context.ts";
import { Unauthenticated } from "../errors.ts";
import { processMonthly } from "../services/billing/invoices/process-monthly.ts";
import type { Guards } from "./credentials.ts";
import type { HttpContext, HttpEnvironment } from "./environment.ts";

const digest = (text: string) => hash("sha256", text, "buffer");

/** Digests are of one length, whatever was presented. */
const isSecret = (presented: string, secret: string) => timingSafeEqual(digest(presented), digest(secret));

interface Parts {
  readonly platform: Platform;
  readonly guards: Pick<Guards, "countVisitor">;
}

/**
 * `POST /admin/billing/process-monthly`: the monthly run, now. The job that runs on the 1st is the same, and the two may
 * meet. 202: months are left, and the job closes them. A wrong secret counts against the address.
 */
export function registerAdmin(app: OpenAPIHono<HttpEnvironment>, { platform, guards }: Parts): void {
  const secret = platform.config.ADMIN_SECRET;
  if (secret === undefined) return;
  app.post("/admin/billing/process-monthly", async (c: HttpContext) => {
    if (!isSecret(c.req.header("X-Admin-Secret") ?? "", secret)) {
      await guards.countVisitor(c);
      throw new Unauthenticated();
    }
    const { isWhole, closed, waiting } = await processMonthly(platform);
    return c.json({ closed, waiting }, isWhole ? 200 : 202);
  });
}
