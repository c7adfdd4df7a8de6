import { Link } from "@remix-run/react";
import { useText } from "../language/language.tsx";
import { messages } from "./spell.messages.ts";

/** A spell's tags; each leads to the spells that have it. */
export function TagList({ tags }: { readonly tags: readonly string[] }) {
  const text = useText(messages);
  if (tags.length === 0) return null;
  return (
    <ul aria-label={text.tags} className="flex flex-wrap gap-2">
      {tags.map((tag) => (
        <li key={tag}>
          <Link className="chip" to={`/dashboard/spells?tag=${tag}`}>
            {tag}
          </Link>
        </li>
      ))}
    </ul>
  );
}
