import { createMiddleware } from "hono/factory";
import { NONCE, secureHeaders } from "hono/secure-headers";
import type { Config } from "../config.ts";
import type { HttpEnvironment } from "./environment.ts";

/**
 * Headers that confine what a page of ours may do. Scripts run by nonce, or are the portal's built files; nothing is
 * loaded from, framed by or sent to another origin. `same-origin` and not `no-referrer`: the latter makes a form post
 * send `Origin: null`.
 */
export const securityHeaders = ({ APP_URL }: Pick<Config, "APP_URL">) => {
  // Preloads of the portal's modules carry no nonce; its built files are the only ones below this path.
  const assets = new URL("/assets/", APP_URL).href;
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE, assets],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: "same-origin",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    strictTransportSecurity: APP_URL.startsWith("https:") ? "max-age=31536000; includeSubDomains" : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
    xFrameOptions: "DENY",
  });
  return createMiddleware<HttpEnvironment>(async (c, next) => {
    await headers(c, async () => {
      c.set("cspNonce", c.get("secureHeadersNonce" as "cspNonce"));
      await next();
    });
  });
};
