/** The page on which a bank sees its customer: 3-D Secure. */
import type { Context as Http, Hono } from "hono";
import { html } from "hono/html";
import type { HttpBindings } from "@hono/node-server";
import { completeSessionOf } from "../checkout/complete.ts";
import type { Context } from "../context.ts";
import { finishPaymentChallenge } from "../invoices/pay.ts";
import { challengeOf } from "../setup-intents/hidden.ts";
import { finishSetupChallenge } from "../setup-intents/confirm.ts";
import type { World } from "../world.ts";
import { show } from "./frame.ts";
import { languageOf, wordingOf } from "./wording.ts";

const PATH = "/authenticate/:intent/:token";

/** How a challenge ended, for whoever waits where the person is sent back to. */
interface Ending {
  readonly returnUrl: string | null;
  readonly answer: Readonly<Record<string, string>>;
}

function finish(context: Context, id: string, token: string, isAuthentic: boolean): Ending | null {
  if (id.startsWith("pi_")) {
    const paid = finishPaymentChallenge(context, id, token, isAuthentic);
    return paid && { ...paid, answer: {} };
  }
  const ended = finishSetupChallenge(context, id, token, isAuthentic);
  if (ended === null) return null;
  const { intent, returnUrl } = ended;
  if (isAuthentic) completeSessionOf(context, intent.id);
  return {
    returnUrl,
    answer: {
      setup_intent: intent.id,
      setup_intent_client_secret: intent.client_secret ?? "",
      redirect_status: isAuthentic ? "succeeded" : "failed",
    },
  };
}

function withAnswer(url: string, answer: Ending["answer"]): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  return target.href;
}

const language = (c: Http) => languageOf(c.req.query("locale"), c.req.header("Accept-Language"));

function showGone(c: Http) {
  const { gone, goneHint } = wordingOf(language(c));
  const content = html`<p>${goneHint}</p>`;
  return show(c, { language: language(c), title: gone, content, mayBeFramed: true }, 404);
}

/** Shown where nobody is sent back: a frame in somebody's page, which is told so. */
function showAuthenticated(c: Http) {
  const { done, authenticated } = wordingOf(language(c));
  return show(c, {
    language: language(c),
    title: done,
    content: html`<p>${authenticated}</p>`,
    mayBeFramed: true,
    script: { src: "/v3/authenticated.js", data: c.req.query("origin") ?? "" },
  });
}

/** Where the person goes from here may lead them on, to whatever page of whoever sent them. */
const ANYWHERE = ["http:", "https:"];

function showChallenge(c: Http) {
  const { authenticate, authenticateHint, complete, fail } = wordingOf(language(c));
  const content = html`<p>${authenticateHint}</p>
    <form method="post">
      <button name="outcome" value="complete">${complete}</button>
      <button name="outcome" value="fail">${fail}</button>
    </form>`;
  return show(c, { language: language(c), title: authenticate, content, mayBeFramed: true }, 200, ANYWHERE);
}

export function registerAuthenticate(app: Hono<{ Bindings: HttpBindings }>, world: World): void {
  const waitingOf = (c: Http) => {
    const { intent = "", token = "" } = c.req.param();
    const waiting = challengeOf(world.timeContext(), intent);
    return waiting?.token === token ? waiting : null;
  };

  app.get(PATH, (c) => {
    const waiting = waitingOf(c);
    return waiting === null ? showGone(c) : showChallenge(c);
  });

  app.post(PATH, async (c) => {
    const { outcome } = await c.req.parseBody();
    const { intent, token } = c.req.param();
    const ending = world.transact(() => finish(world.timeContext(), intent, token, outcome === "complete"));
    world.outbox.wake();
    if (ending === null) return showGone(c);
    const { returnUrl, answer } = ending;
    // The page the person came from named it: it is theirs to go back to.
    return returnUrl === null ? showAuthenticated(c) : c.redirect(withAnswer(returnUrl, answer), 303);
  });
}
