import { Link } from "@remix-run/react";
import { useFormats, useText } from "../language/language.tsx";
import { castsOf, type Invoice } from "./invoice.ts";
import { messages } from "./invoice.messages.ts";

interface DetailsProps {
  readonly invoice: Invoice;
  readonly title: string;
}

function Lines({ invoice, title }: DetailsProps) {
  const text = useText(messages).lines;
  const { number, microsIn } = useFormats();
  const { lines, month } = invoice;
  if (lines.length === 0) return <p className="mt-3 text-sm">{text.none}</p>;
  const money = microsIn(lines.map(({ cost_micros: cost }) => cost));
  return (
    <table className="table mt-3">
      <caption className="sr-only">{text.caption(title)}</caption>
      <thead>
        <tr>
          <th scope="col">{text.spell}</th>
          <th scope="col" className="figure">
            {text.casts}
          </th>
          <th scope="col" className="figure">
            {text.cost}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ spell_name: spell, version, calls, cost_micros: cost }) => (
          <tr key={`${spell} ${version}`}>
            <th scope="row" className="wrap-anywhere">
              <Link className="link inline-block py-1" to={castsOf(spell, month)}>
                {spell}
              </Link>{" "}
              <span className="text-soft">{version}</span>
            </th>
            <td className="figure">{number(calls)}</td>
            <td className="figure">{money(cost)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How the amount due comes about; what is nothing is left out. */
function Sums({ invoice }: Pick<DetailsProps, "invoice">) {
  const text = useText(messages).sums;
  const { micros, cents } = useFormats();
  const parts = [
    { name: text.allowance, amount: -invoice.allowance_micros },
    { name: text.credit, amount: -invoice.credit_micros },
    { name: text.carriedIn, amount: invoice.carried_in_micros },
    { name: text.carriedOut, amount: -invoice.carried_out_micros },
  ];
  return (
    <dl className="mt-4 ml-auto grid max-w-md grid-cols-[1fr_auto] gap-x-6 gap-y-1 text-sm">
      <dt>{text.cost}</dt>
      <dd className="text-right tabular-nums">{micros(invoice.cost_micros)}</dd>
      {parts
        .filter(({ amount }) => amount !== 0)
        .map(({ name, amount }) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="text-right tabular-nums">{micros(amount)}</dd>
          </div>
        ))}
      <dt className="font-semibold">{text.due}</dt>
      <dd className="text-right font-semibold tabular-nums">{cents(invoice.due_cents)}</dd>
    </dl>
  );
}

/** The casts of an invoice by version, and how they become what is due. */
export function InvoiceDetails(props: DetailsProps) {
  return (
    <details className="mt-2">
      <summary className="cursor-pointer py-1 text-sm">{useText(messages).details}</summary>
      <Lines {...props} />
      <Sums invoice={props.invoice} />
    </details>
  );
}
