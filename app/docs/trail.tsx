import { useText } from "../language/language.tsx";
import { messages } from "../routes/docs.errors.messages.ts";

interface TrailProps {
  readonly above: readonly { readonly href: string; readonly name: string }[];
  readonly here: string;
}

/** The pages above this one. */
export function Trail({ above, here }: TrailProps) {
  return (
    <nav aria-label={useText(messages).trail} className="mb-4 text-sm">
      <ol className="flex flex-wrap gap-x-2">
        {above.map(({ href, name }) => (
          <li key={href} className="flex gap-x-2">
            <a className="link" href={href}>
              {name}
            </a>
            <span aria-hidden="true" className="text-soft">
              /
            </span>
          </li>
        ))}
        <li aria-current="page" className="break-all text-soft">
          {here}
        </li>
      </ol>
    </nav>
  );
}
