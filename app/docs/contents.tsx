import { messages } from "../routes/docs._index.messages.ts";
import type { Group } from "./operations.ts";

function ContentsList({ groups }: { readonly groups: readonly Group[] }) {
  const links = (items: readonly { readonly id: string; readonly name: string }[]) =>
    items.map(({ id, name }) => (
      <li key={id}>
        <a className="contents-link" href={`#${id}`}>
          {name}
        </a>
      </li>
    ));
  return (
    <ul className="text-sm">
      {links(messages.introduction.map(({ id, heading }) => ({ id, name: heading })))}
      {groups.map(({ id, name, operations }) => (
        <li key={id} className="mt-4">
          <a className="contents-link font-semibold" href={`#${id}`}>
            {name}
          </a>
          <ul className="ml-2 border-l border-line pl-3">
            {links(operations.map((operation) => ({ id: operation.id, name: operation.summary })))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** What is on the page: beside it where there is room, else folded away. */
export function Contents({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <>
      <details className="panel mt-8 lg:hidden">
        <summary className="cursor-pointer px-5 py-3 font-semibold">{messages.contents}</summary>
        <nav aria-label={messages.contents} className="px-5 pb-5">
          <ContentsList groups={groups} />
        </nav>
      </details>
      <nav
        aria-label={messages.contents}
        className="sticky top-6 hidden max-h-[calc(100vh-3rem)] self-start overflow-y-auto pb-6 lg:block"
      >
        <ContentsList groups={groups} />
      </nav>
    </>
  );
}
