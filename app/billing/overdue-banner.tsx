import { Link } from "@remix-run/react";
import { useFormats, useText } from "../language/language.tsx";
import { BILLING_PATH } from "./card.ts";
import { momentOf, type Overdue } from "./invoice.ts";
import { messages } from "./invoice.messages.ts";

/** Above every page of a person whose payment failed: what that means, and the ways out. */
export function OverdueBanner({ overdue }: { readonly overdue: Overdue }) {
  const text = useText(messages).overdue;
  const { month, cents } = useFormats();
  if (overdue.length === 0) return null;
  return (
    <section aria-labelledby="overdue" className="notice notice-warn mt-6">
      <h2 id="overdue" className="font-semibold">
        {text.heading}
      </h2>
      <p>{text.text}</p>
      <ul className="mt-1 flex flex-wrap gap-x-5">
        {overdue.map(({ id, hosted_url: url, month: of, due_cents: due }) =>
          url === null ? null : (
            <li key={id}>
              <a className="link inline-block py-1" href={url}>
                {text.pay(month(momentOf(of)), cents(due))}
              </a>
            </li>
          ),
        )}
        <li>
          <Link className="link inline-block py-1" to={`${BILLING_PATH}#card`}>
            {text.change}
          </Link>
        </li>
      </ul>
    </section>
  );
}
