/** The emulator's pages: they work without JavaScript, and load nothing from anywhere else. */
import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { STYLE } from "../../github/style.ts";
import type { Language } from "./wording.ts";
import { wordingOf } from "./wording.ts";

export type Content = HtmlEscapedString | Promise<HtmlEscapedString>;

const MORE_STYLE = raw(`
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--edge); padding: 0.5rem 0; text-align: start; }
.amount { font-variant-numeric: tabular-nums; text-align: end; }
dl { display: grid; gap: 0.25rem 1rem; grid-template-columns: auto 1fr; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
a { color: var(--accent); }
.bare { padding: 6px; max-width: none; }
body.inside { background: transparent; }
`);

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly content: Content;
  /** A script of ours, and what it is told. */
  readonly script?: { readonly src: string; readonly data?: string };
  /** Part of another page, which has a title of its own. */
  readonly isInside?: boolean;
  /** Other pages may show it in a frame. */
  readonly mayBeFramed?: boolean;
}

function frame(nonce: string, { language, title, content, script, isInside = false }: Page): Content {
  const { emulator } = wordingOf(language);
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Stripe emulator</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${STYLE}${MORE_STYLE}
        </style>
      </head>
      <body class="${isInside ? "inside" : ""}">
        <main class="${isInside ? "bare" : ""}">
          ${
            isInside
              ? ""
              : html`<p class="soft">${emulator}</p>
                  <h1>${title}</h1>`
          }
          ${content}
        </main>
        ${
          script === undefined
            ? ""
            : html`<script src="${script.src}" data-for="${script.data ?? ""}"></script>`
        }
      </body>
    </html>`;
}

/** Shows a page. `targets` are the origins its forms may lead to, by a redirect. */
export function show(
  c: Context,
  page: Page,
  status: 200 | 404 | 422 = 200,
  targets: readonly string[] = [],
): Response | Promise<Response> {
  const nonce = randomBytes(16).toString("base64");
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'self'; connect-src 'self'; img-src data:; ` +
      `form-action ${["'self'", ...targets].join(" ")}; base-uri 'none'` +
      (page.mayBeFramed === true ? "" : "; frame-ancestors 'none'"),
  );
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  return c.html(frame(nonce, page), status);
}

/** There is nothing at an address. */
export function showNothing(c: Context, language: Language): Response | Promise<Response> {
  const { notFound, notFoundHint } = wordingOf(language);
  return show(c, { language, title: notFound, content: html`<p>${notFoundHint}</p>` }, 404);
}
