import type { Config } from "../config.ts";

/** Headers by name, as they go to the socket. */
export type HeaderRecord = Record<string, string>;

/** Headers that confine what an answer of ours may do in a browser. */
export interface SecurityHeaders {
  /** Of answers for programs: nothing at all is loaded from them. */
  readonly forPrograms: Readonly<HeaderRecord>;
  /** Of pages and their files; scripts run by this nonce. */
  forPages(nonce: string): HeaderRecord;
}

const PROGRAM_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

type PolicySettings = Pick<
  Config,
  | "APP_URL"
  | "STRIPE_PUBLISHABLE_KEY"
  | "STRIPE_JS_URL"
  | "STRIPE_API_BASE"
  | "STRIPE_CHECKOUT_URL"
  | "STRIPE_HOOKS_URL"
>;

/** Where pages may load from and lead to besides our own origin: nowhere, unless Stripe is configured. */
function stripeOrigins(config: PolicySettings) {
  if (config.STRIPE_PUBLISHABLE_KEY === undefined)
    return { script: "", frame: "'none'", connect: "", form: "" };
  const originOf = (url: string) => new URL(url).origin;
  const script = originOf(config.STRIPE_JS_URL);
  return {
    script: ` ${script}`,
    // The card's fields are frames of the script's, a bank's question one of the other.
    frame: [...new Set([script, originOf(config.STRIPE_HOOKS_URL)])].join(" "),
    connect: ` ${originOf(config.STRIPE_API_BASE)}`,
    form: ` ${originOf(config.STRIPE_CHECKOUT_URL)}`,
  };
}

/**
 * Scripts run by nonce, or are the portal's built files; nothing is loaded from, framed by or sent to another origin.
 * `same-origin` and not `no-referrer`: the latter makes a form post send `Origin: null`.
 */
export function securityHeaders(config: PolicySettings): SecurityHeaders {
  const { APP_URL } = config;
  const stripe = stripeOrigins(config);
  // Preloads of the portal's modules carry no nonce; its built files are the only ones below this path.
  const assets = new URL("/assets/", APP_URL).href;
  const always: HeaderRecord = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "same-origin",
    ...(APP_URL.startsWith("https:")
      ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" }
      : {}),
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Download-Options": "noopen",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-XSS-Protection": "0",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
  };
  const pagePolicy = (nonce: string) =>
    [
      "default-src 'none'",
      `script-src 'nonce-${nonce}' ${assets}${stripe.script}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self'${stripe.connect}`,
      `frame-src ${stripe.frame}`,
      `form-action 'self'${stripe.form}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join("; ");
  return {
    forPrograms: { ...always, "Content-Security-Policy": PROGRAM_POLICY },
    forPages: (nonce) => ({ ...always, "Content-Security-Policy": pagePolicy(nonce) }),
  };
}
