import { useText } from "../language/language.tsx";
import type { Translated } from "../language/translated.ts";

export interface LegalTexts {
  readonly title: string;
  readonly placeholder: string;
  readonly sections: readonly { readonly title: string; readonly text: string }[];
}

/** A legal text. As long as no lawyer has written it, it says so before anything else. */
export function LegalPage({ messages }: { readonly messages: Translated<LegalTexts> }) {
  const { title, placeholder, sections } = useText(messages);
  return (
    <article className="page max-w-3xl">
      <h1 className="page-title">{title}</h1>
      <p className="notice notice-warn mt-6">{placeholder}</p>
      {sections.map((section) => (
        <section key={section.title} className="mt-8">
          <h2 className="text-xl font-semibold">{section.title}</h2>
          <p className="mt-2 text-soft">{section.text}</p>
        </section>
      ))}
    </article>
  );
}
