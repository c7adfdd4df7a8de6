import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { AskLink } from "../forms/ask-link.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { RevokeQuestion, RotateQuestion } from "./acts.tsx";
import { messages as keyMessages } from "./key.messages.ts";
import { messages } from "./key-list.messages.ts";
import { keyPath, type Key } from "./key.ts";

export interface ListedKey extends Key {
  readonly isExpired: boolean;
}

const QUIET = "button button-quiet inline-block";

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ apiKey }: { readonly apiKey: ListedKey }) {
  const text = useText(messages);
  const { cents, dayAndTime } = useFormats();
  const { monthly_limit_cents: limit, expires_at: expiry, last_used_at: used } = apiKey;
  const expires =
    expiry === null ? text.never : apiKey.isExpired ? text.expired(dayAndTime(expiry)) : dayAndTime(expiry);
  return (
    <dl className="mt-3 grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-4">
      <Fact name={text.limit}>{limit === null ? text.noLimit : cents(limit)}</Fact>
      <Fact name={text.expires}>
        {apiKey.isExpired ? <strong className="font-semibold text-danger">{expires}</strong> : expires}
      </Fact>
      <Fact name={text.lastUsed}>{used === null ? text.notUsed : dayAndTime(used)}</Fact>
      <Fact name={text.made}>{dayAndTime(apiKey.created_at)}</Fact>
    </dl>
  );
}

/** What can be done with a key. An expired one gets no new secret: a later expiry comes first, or another key. */
function Acts({ apiKey, graceSeconds }: { readonly apiKey: ListedKey; readonly graceSeconds: number }) {
  const { acts, actOn } = useText(messages);
  const { rotate, revoke, cancel } = useText(keyMessages);
  const { name, prefix } = apiKey;
  return (
    <div className="mt-4 flex flex-wrap gap-2 text-sm">
      <Link to={keyPath(prefix, "change")} className={QUIET} aria-label={actOn(acts.change, name)}>
        {acts.change}
      </Link>
      {!apiKey.isExpired && (
        <AskLink
          to={keyPath(prefix, "rotate")}
          className={QUIET}
          text={acts.rotate}
          label={actOn(acts.rotate, name)}
          heading={rotate.heading(name)}
          cancel={cancel}
        >
          <RotateQuestion prefix={prefix} graceSeconds={graceSeconds} />
        </AskLink>
      )}
      <AskLink
        to={keyPath(prefix, "revoke")}
        className="button button-danger inline-block"
        text={acts.revoke}
        label={actOn(acts.revoke, name)}
        heading={revoke.heading(name)}
        cancel={cancel}
      >
        <RevokeQuestion prefix={prefix} />
      </AskLink>
    </div>
  );
}

interface KeyListProps {
  readonly keys: readonly ListedKey[];
  readonly graceSeconds: number;
}

/** The keys, each in a panel of its own, which fits a phone as well. */
export function KeyList({ keys, graceSeconds }: KeyListProps) {
  const text = useText(messages);
  if (keys.length === 0) return <p className="mt-4 text-soft">{text.empty}</p>;
  return (
    <ul className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-4">
      {keys.map((key) => (
        <li key={key.id} className="panel p-5">
          <h3 className="font-semibold wrap-anywhere">{key.name}</h3>
          <dl className="mt-1 grid gap-1.5 text-sm">
            <div className="flex flex-wrap items-baseline gap-2">
              <dt className="text-soft">{text.prefix}</dt>
              <dd>
                <code>{key.prefix}</code>
              </dd>
            </div>
            <div className="flex flex-wrap items-baseline gap-2">
              <dt className="text-soft">{text.scopes}</dt>
              <dd>
                <code>{key.scopes.join(" ")}</code>
              </dd>
            </div>
          </dl>
          <Facts apiKey={key} />
          <Acts apiKey={key} graceSeconds={graceSeconds} />
        </li>
      ))}
    </ul>
  );
}
