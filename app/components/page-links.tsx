import { Link } from "@remix-run/react";

interface PageLinksProps {
  readonly label: string;
  readonly first: string;
  readonly next: string;
  /** What the list was asked for, with the cursor of this page. */
  readonly query: Readonly<Record<string, string>>;
  readonly nextCursor: string | null;
}

const search = (query: Readonly<Record<string, string>>) => `?${new URLSearchParams(query).toString()}`;

/** From page to page of a list. A cursor leads onwards only; the way back is the browser's, or to the start. */
export function PageLinks({ label, first, next, query, nextCursor }: PageLinksProps) {
  const { cursor, ...asked } = query;
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <nav aria-label={label} className="mt-6 flex gap-6">
      {cursor !== undefined && (
        <Link className="link py-1" to={search(asked)}>
          {first}
        </Link>
      )}
      {nextCursor !== null && (
        <Link className="link py-1" to={search({ ...asked, cursor: nextCursor })}>
          {next}
        </Link>
      )}
    </nav>
  );
}
