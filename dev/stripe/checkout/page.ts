/** The page on which a person saves a card. */
import type { HttpBindings } from "@hono/node-server";
import type { Context as Http, Hono } from "hono";
import { html } from "hono/html";
import { Refusal } from "../api/error.ts";
import type { Context } from "../context.ts";
import { cardFields, fieldOf, readCardForm, type CardProblem } from "../pages/card-form.ts";
import { describeProblem } from "../pages/card-problems.ts";
import { show, showNothing } from "../pages/frame.ts";
import { languageOf, wordingOf } from "../pages/wording.ts";
import { createPaymentMethod } from "../payment-methods/create.ts";
import { readCard } from "../payment-methods/read-card.ts";
import { confirmSetupIntent } from "../setup-intents/confirm.ts";
import { idOf } from "../store/id-of.ts";
import type { Kinds } from "../store/kinds.ts";
import type { World } from "../world.ts";
import { completeSessionOf } from "./complete.ts";

type Session = Kinds["checkout.session"];

const PATH = "/c/pay/:id";

const successUrl = ({ id, success_url }: Session): string =>
  (success_url ?? "").replaceAll(/\{CHECKOUT_SESSION_ID\}|%7BCHECKOUT_SESSION_ID%7D/gi, id);

const language = (c: Http, session: Session | null) =>
  languageOf(session?.locale, c.req.header("Accept-Language"));

const originsOf = ({ success_url, cancel_url }: Session): string[] =>
  [success_url, cancel_url].flatMap((url) => (url === null ? [] : [new URL(url).origin]));

function showForm(c: Http, session: Session, problem: CardProblem | null) {
  const spoken = language(c, session);
  const { saveCard, save, cancel, testCard, error } = wordingOf(spoken);
  const { cancel_url } = session;
  const content = html`<form method="post">
      ${cardFields(spoken, problem)}
      <button>${save}</button>
    </form>
    <p class="soft">${testCard}</p>
    ${cancel_url === null ? "" : html`<p><a href="${cancel_url}">${cancel}</a></p>`}`;
  const title = problem === null ? saveCard : `${error}: ${saveCard}`;
  return show(c, { language: spoken, title, content }, problem === null ? 200 : 422, originsOf(session));
}

function showOver(c: Http, session: Session) {
  const spoken = language(c, session);
  const { sessionOver, sessionExpired } = wordingOf(spoken);
  return show(c, { language: spoken, title: sessionOver, content: html`<p>${sessionExpired}</p>` });
}

/** Where the person goes next. */
function save(context: Context, session: Session, form: unknown): string {
  const intent = context.store.get("setup_intent", idOf(session.setup_intent));
  const method = createPaymentMethod(context, readCard(readCardForm(form), context.clock.nowMs));
  const done = confirmSetupIntent(context, intent, {
    paymentMethod: method,
    returnUrl: `${context.baseUrl}/c/pay/${session.id}`,
    isByScript: false,
  });
  if (done.status === "succeeded") completeSessionOf(context, done.id);
  const challenge = done.next_action?.redirect_to_url?.url;
  return challenge == null ? successUrl(session) : `${challenge}?locale=${session.locale ?? "auto"}`;
}

/** The bank's last word, after a person came back from its page. */
function lastProblem({ store }: Context, session: Session, c: Http): CardProblem | null {
  const error = store.find("setup_intent", idOf(session.setup_intent))?.last_setup_error;
  if (error == null) return null;
  return { field: "number", sentence: describeProblem(error, language(c, session)) };
}

export function registerCheckout(app: Hono<{ Bindings: HttpBindings }>, world: World): void {
  const find = (c: Http) => world.store.find("checkout.session", c.req.param("id") ?? "");

  app.get(PATH, (c) => {
    const session = find(c);
    if (session === null) return showNothing(c, language(c, null));
    if (session.status === "complete") return c.redirect(successUrl(session), 303);
    if (session.status !== "open") return showOver(c, session);
    return showForm(c, session, lastProblem(world.timeContext(), session, c));
  });

  app.post(PATH, async (c) => {
    const form = await c.req.parseBody();
    const session = find(c);
    if (session === null) return showNothing(c, language(c, null));
    if (session.status === "complete") return c.redirect(successUrl(session), 303);
    if (session.status !== "open") return showOver(c, session);
    const next = world.attempt((context) => save(context, session, form));
    if (!(next instanceof Refusal)) return c.redirect(next, 303);
    const sentence = describeProblem(next.body, language(c, session));
    return showForm(c, session, { field: fieldOf(next.body.param), sentence });
  });
}
