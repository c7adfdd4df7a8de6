/** The emulator's pages. They work without JavaScript, and each form comes back to the address it was shown at. */
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { PEOPLE, type Person } from "./people.ts";
import { STYLE } from "./style.ts";

export type Page = HtmlEscapedString | Promise<HtmlEscapedString>;

function frame(nonce: string, title: string, content: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - GitHub emulator</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <p class="soft">GitHub emulator: it runs on this machine alone, and nobody here is real.</p>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}

const choice = ({ login, name, about }: Person): Page =>
  html`<li>
    <button name="login" value="${login}">
      <strong>${login}</strong>
      ${name === null ? "" : html`<span lang="${/\p{sc=Han}/u.test(name) ? "ja" : "en"}">${name}</span>`}
      <small class="soft">${about}</small>
    </button>
  </li>`;

const otherPerson = (refused: string | null): Page =>
  html`<form method="post">
    <label for="login">Another person</label>
    <div class="row">
      <input
        id="login"
        name="login"
        value="${refused ?? ""}"
        required
        autocapitalize="none"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="${refused === null ? "rule" : "problem rule"}"
        ${refused === null ? "" : html`aria-invalid="true" autofocus`}
      />
      <button>Sign in</button>
    </div>
    ${refused === null ? "" : html`<p id="problem" class="problem">This cannot be a login.</p>`}
    <p id="rule" class="soft">
      Any login: letters, digits and single hyphens between them, 39 at most. The same login is always the
      same person, with a verified e-mail.
    </p>
  </form>`;

export interface Choices {
  readonly nonce: string;
  readonly scopes: readonly string[];
  /** What was typed and cannot be a login. */
  readonly refused: string | null;
}

/** Who signs in? */
export const choicePage = ({ nonce, scopes, refused }: Choices): Page =>
  frame(
    nonce,
    refused === null ? "Who signs in?" : "Error: who signs in?",
    html`<p>The application asks for: ${scopes.join(", ") || "public information"}.</p>
      <form method="post">
        <ul>
          ${PEOPLE.map(choice)}
        </ul>
      </form>
      ${otherPerson(refused)}
      <form method="post"><button name="cancel" value="1">Cancel</button></form>`,
  );

/** A request that leads nowhere. */
export const problemPage = (nonce: string, title: string, sentence: string): Page =>
  frame(nonce, title, html`<p>${sentence}</p>`);
