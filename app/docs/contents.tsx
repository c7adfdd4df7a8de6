import { useLanguage, useText } from "../language/language.tsx";
import { messages } from "../routes/docs._index.messages.ts";
import type { Named, NamedGroup } from "./name-groups.ts";

function ContentsList({ groups }: { readonly groups: readonly NamedGroup[] }) {
  const { introduction } = useText(messages);
  const language = useLanguage();
  const links = (items: readonly { readonly id: string; readonly named: Named }[]) =>
    items.map(({ id, named }) => (
      <li key={id}>
        <a className="contents-link" href={`#${id}`} lang={named.language}>
          {named.name}
        </a>
      </li>
    ));
  return (
    <ul className="text-sm">
      {links(introduction.map(({ id, heading }) => ({ id, named: { name: heading, language } })))}
      {groups.map(({ id, named, operations }) => (
        <li key={id} className="mt-4">
          <a className="contents-link font-semibold" href={`#${id}`} lang={named.language}>
            {named.name}
          </a>
          <ul className="ml-2 border-l border-line pl-3">{links(operations)}</ul>
        </li>
      ))}
    </ul>
  );
}

/** What is on the page: beside it where there is room, else folded away. */
export function Contents({ groups }: { readonly groups: readonly NamedGroup[] }) {
  const text = useText(messages);
  return (
    <>
      <details className="panel mt-8 lg:hidden">
        <summary className="cursor-pointer px-5 py-3 font-semibold">{text.contents}</summary>
        <nav aria-label={text.contents} className="px-5 pb-5">
          <ContentsList groups={groups} />
        </nav>
      </details>
      <nav
        aria-label={text.contents}
        className="sticky top-6 hidden max-h-[calc(100vh-3rem)] self-start overflow-y-auto pb-6 lg:block"
      >
        <ContentsList groups={groups} />
      </nav>
    </>
  );
}
