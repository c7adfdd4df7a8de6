/** The page of a finalized invoice, where an open one can be paid; and its PDF. */
import type { HttpBindings } from "@hono/node-server";
import type { Context as Http, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { Refusal } from "../api/error.ts";
import type { Context } from "../context.ts";
import { cardFields, fieldOf, readCardForm, type CardProblem } from "../pages/card-form.ts";
import { describeProblem } from "../pages/card-problems.ts";
import { show, showNothing, type Content } from "../pages/frame.ts";
import { languageOf, wordingOf, type Language } from "../pages/wording.ts";
import { createPaymentMethod } from "../payment-methods/create.ts";
import { readCard } from "../payment-methods/read-card.ts";
import { challengeOf, challengeUrl } from "../setup-intents/hidden.ts";
import { idOf } from "../store/id-of.ts";
import type { CreditNote, Invoice, LineItem } from "../store/kinds.ts";
import type { World } from "../world.ts";
import { attemptPayment } from "./pay.ts";
import { makePdf } from "./pdf.ts";
import { paymentOf } from "./settle.ts";

const PATH = "/i/:id/:token";
const DATE_LENGTH = 10;

const hidden = z.object({ token: z.string() });

const money = (cents: number, currency: string): string =>
  `${cents < 0 ? "-" : ""}${currency === "usd" ? "$" : `${currency.toUpperCase()} `}${(Math.abs(cents) / 100).toFixed(2)}`;

const day = (atS: number | null): string =>
  atS === null ? "" : new Date(atS * 1_000).toISOString().slice(0, DATE_LENGTH);

type State = "draft" | "open" | "paid" | "void" | "uncollectible";

// These are the states that invoices have.
const stateOf = ({ status }: Invoice): State => (status ?? "draft") as State;

/** The facts of an invoice, by their names. */
function factsOf(invoice: Invoice, language: Language): readonly (readonly [string, string])[] {
  const wording = wordingOf(language);
  return [
    [wording.invoice, invoice.number ?? ""],
    [wording.status, wording[stateOf(invoice)]],
    [wording.billedTo, invoice.customer_name ?? invoice.customer_email ?? ""],
    [wording.date, day(invoice.effective_at)],
    [wording.dueDate, day(invoice.due_date)],
  ].flatMap(([name = "", value = ""]) => (value === "" ? [] : [[name, value] as const]));
}

function sheet(invoice: Invoice, lines: readonly LineItem[], language: Language): Content {
  const wording = wordingOf(language);
  const { currency, total, amount_remaining } = invoice;
  const sum = (name: string, cents: number) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="amount">${money(cents, currency)}</td>
    </tr>`;
  return html`<dl>
      ${factsOf(invoice, language).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <table>
      <thead>
        <tr>
          <th scope="col">${wording.description}</th>
          <th scope="col" class="amount">${wording.amount}</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ({ description, amount }) =>
            html`<tr>
              <td>${description ?? ""}</td>
              <td class="amount">${money(amount, currency)}</td>
            </tr>`,
        )}
      </tbody>
      <tfoot>
        ${sum(wording.total, total)} ${sum(wording.due, amount_remaining)}
      </tfoot>
    </table>`;
}

/** The bank's page, if it waits for the customer. */
function waitingUrl(context: Context, invoice: Invoice, language: Language): string | null {
  const intent = context.store.find(
    "payment_intent",
    idOf(paymentOf(context, invoice.id)?.payment.payment_intent),
  );
  const waiting = intent === null ? null : challengeOf(context, intent.id);
  if (intent?.status !== "requires_action" || waiting === null) return null;
  return `${challengeUrl(context, intent.id, waiting.token)}?locale=${language}`;
}

function showInvoice(c: Http, context: Context, invoice: Invoice, problem: CardProblem | null) {
  const language = languageOf(c.req.query("locale"), c.req.header("Accept-Language"));
  const wording = wordingOf(language);
  const bank = waitingUrl(context, invoice, language);
  const isPayable = invoice.status === "open" || invoice.status === "uncollectible";
  const content = html`${sheet(invoice, context.store.allOf("line_item", invoice.id), language)}
    <p><a href="${invoice.invoice_pdf ?? ""}">${wording.download}</a></p>
    ${bank === null ? "" : html`<p><a href="${bank}">${wording.complete}</a></p>`}
    ${
      isPayable
        ? html`<h2>${wording.payInvoice}</h2>
            <form method="post">
              ${cardFields(language, problem)}
              <button>${wording.pay}</button>
            </form>`
        : ""
    }`;
  const title = `${problem === null ? "" : `${wording.error}: `}${wording.invoice} ${invoice.number ?? ""}`;
  return show(c, { language, title, content }, problem === null ? 200 : 422);
}

/** Where the person goes next, or what is wrong with the card. */
function pay(context: Context, invoice: Invoice, form: unknown, language: Language): string | Refusal {
  const here = invoice.hosted_invoice_url ?? "";
  if (invoice.status !== "open" && invoice.status !== "uncollectible") return here;
  const method = createPaymentMethod(context, readCard(readCardForm(form), context.clock.nowMs));
  const attempt = attemptPayment(context, invoice, false, method);
  if (attempt.ending === "declined") return new Refusal(402, { type: "card_error", ...attempt.why });
  return attempt.ending === "waits" ? (waitingUrl(context, attempt.invoice, language) ?? here) : here;
}

const pdfLines = (invoice: Invoice, lines: readonly LineItem[]): string[] => [
  ...factsOf(invoice, "en").map(([name, value]) => `${name}: ${value}`),
  "",
  ...lines.map(({ description, amount }) => `${description ?? ""}  ${money(amount, invoice.currency)}`),
  "",
  `Total: ${money(invoice.total, invoice.currency)}`,
  `Amount due: ${money(invoice.amount_remaining, invoice.currency)}`,
];

const noteLines = ({ number, memo, lines, total, currency, created }: CreditNote): string[] => [
  `Credit note: ${number}`,
  `Date: ${day(created)}`,
  ...(memo === null ? [] : [memo]),
  "",
  ...lines.data.map(({ description, amount }) => `${description ?? ""}  ${money(amount, currency)}`),
  "",
  `Total: ${money(total, currency)}`,
];

function givePdf(c: Http, lines: readonly string[]): Response {
  c.header("Content-Type", "application/pdf");
  c.header("Cache-Control", "no-store");
  return c.body(makePdf(lines));
}

export function registerInvoicePages(app: Hono<{ Bindings: HttpBindings }>, world: World): void {
  /** Null unless the address has the invoice's secret in it. */
  const find = (c: Http): Invoice | null => {
    const { id = "", token = "" } = c.req.param();
    const invoice = world.store.find("invoice", id);
    const known = hidden.safeParse(world.store.hiddenOf(id)).data?.token;
    return known === token && token !== "" ? invoice : null;
  };

  app.get(PATH, (c) => {
    const invoice = find(c);
    return invoice === null ? showNothing(c, "en") : showInvoice(c, world.timeContext(), invoice, null);
  });
  app.post(PATH, async (c) => {
    const form = await c.req.parseBody();
    const invoice = find(c);
    if (invoice === null) return showNothing(c, "en");
    const language = languageOf(c.req.query("locale"), c.req.header("Accept-Language"));
    const next = world.attempt((context) => pay(context, invoice, form, language));
    if (!(next instanceof Refusal)) return c.redirect(next, 303);
    const sentence = describeProblem(next.body, language);
    const after = world.store.get("invoice", invoice.id);
    return showInvoice(c, world.timeContext(), after, { field: fieldOf(next.body.param), sentence });
  });
  app.get(`${PATH}/pdf`, (c) => {
    const invoice = find(c);
    if (invoice === null) return showNothing(c, "en");
    return givePdf(c, pdfLines(invoice, world.store.allOf("line_item", invoice.id)));
  });
  app.get("/credit-notes/:id/pdf", (c) => {
    const note = world.store.find("credit_note", c.req.param("id"));
    return note === null ? showNothing(c, "en") : givePdf(c, noteLines(note));
  });
}
