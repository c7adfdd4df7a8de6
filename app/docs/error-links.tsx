import type { ErrorAnswer } from "./operations.ts";

/** Errors, each a link to the page that explains it. */
export function ErrorLinks({ errors }: { readonly errors: readonly ErrorAnswer[] }) {
  return (
    <ul className="flex flex-wrap gap-2">
      {errors.map(({ status, error }) => (
        <li key={error}>
          <a className="chip" href={`/docs/errors/${error}`}>
            <span className="text-soft tabular-nums">{status}</span> {error}
          </a>
        </li>
      ))}
    </ul>
  );
}
