import { PageLinks } from "../components/page-links.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { ProblemNotice, type Description } from "../problems/problem-notice.tsx";
import { InvoiceDetails } from "./invoice-details.tsx";
import { exactDueMicros, momentOf, type Invoice } from "./invoice.ts";
import { messages } from "./invoice.messages.ts";

const UNPAID: readonly Invoice["status"][] = ["open", "past_due", "uncollectible"];

function useStateText({
  status,
  due_cents: dueCents,
  carried_out_micros: carried,
  paid_at: paidAt,
}: Invoice) {
  const text = useText(messages);
  const { day, micros } = useFormats();
  if (status === "carried" && carried !== 0) return text.carried(micros(carried));
  if (status !== "paid") return text.states[status];
  if (dueCents < 0) return text.givenBack;
  return paidAt === null ? text.states.paid : text.paidOn(day(paidAt));
}

function StripeLinks({ invoice, title }: { readonly invoice: Invoice; readonly title: string }) {
  const text = useText(messages);
  const isUnpaid = UNPAID.includes(invoice.status);
  const links = [
    { url: invoice.hosted_url, name: isUnpaid ? text.pay : text.see },
    { url: invoice.pdf_url, name: text.pdf },
  ];
  return (
    <p className="flex flex-wrap gap-x-5">
      {links.map(({ url, name }) =>
        url === null ? null : (
          <a key={name} className="link py-1 text-sm" href={url} aria-label={text.of(name, title)}>
            {name}
          </a>
        ),
      )}
    </p>
  );
}

function Entry({ invoice }: { readonly invoice: Invoice }) {
  const text = useText(messages);
  const formats = useFormats();
  const title = text.title(formats.month(momentOf(invoice.month)), invoice.part);
  const state = useStateText(invoice);
  const hasFailed = invoice.status === "past_due" || invoice.status === "uncollectible";
  return (
    <li className="border-t border-line py-4 first:border-t-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <h3 className="font-semibold">{title}</h3>
        <p className="tabular-nums">
          <span className="sr-only">{text.due} </span>
          <span className="font-semibold">{formats.cents(invoice.due_cents)}</span>{" "}
          {invoice.due_cents !== 0 && (
            <span className="text-sm text-soft">{text.exactly(formats.micros(exactDueMicros(invoice)))}</span>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <p className={`text-sm ${hasFailed ? "font-semibold text-danger" : "text-soft"}`}>{state}</p>
        <StripeLinks invoice={invoice} title={title} />
      </div>
      <InvoiceDetails invoice={invoice} title={title} />
    </li>
  );
}

export interface InvoicePage {
  readonly invoices: readonly Invoice[];
  readonly nextCursor: string | null;
  readonly cursor: string | null;
  readonly problem: Description | null;
}

/** The account's invoices, newest first. */
export function InvoiceList({ invoices, nextCursor, cursor, problem }: InvoicePage) {
  const text = useText(messages);
  const isEmpty = invoices.length === 0 && problem === null;
  return (
    <section id="invoices" aria-labelledby="invoices-heading" className="panel mt-6 p-5">
      <h2 id="invoices-heading" className="text-lg font-semibold">
        {text.heading}
      </h2>
      <ProblemNotice problem={problem} id="invoices-problem" />
      {isEmpty && <p className="mt-2">{text.empty}</p>}
      {invoices.length > 0 && (
        <ol className="mt-2">
          {invoices.map((invoice) => (
            <Entry key={invoice.id} invoice={invoice} />
          ))}
        </ol>
      )}
      <PageLinks
        label={text.pages}
        first={text.first}
        next={text.next}
        query={cursor === null ? {} : { cursor }}
        nextCursor={nextCursor}
      />
    </section>
  );
}
