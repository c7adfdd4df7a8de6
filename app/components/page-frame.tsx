import { useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { useLanguage, useText } from "../language/language.tsx";
import { messages, NAME } from "../root.messages.ts";

const LANGUAGES = [
  { language: "en", name: "English" },
  { language: "ja", name: "日本語" },
] as const;

function useCurrent() {
  const { pathname } = useLocation();
  return (href: string) => (pathname === href ? "page" : undefined);
}

function Header({ isSignedIn }: { readonly isSignedIn: boolean }) {
  const text = useText(messages);
  const current = useCurrent();
  const own = isSignedIn
    ? { href: "/dashboard", name: text.dashboard }
    : { href: "/login", name: text.signIn };
  return (
    <header className="page-width flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-5">
      <a className="brand" href="/" aria-current={current("/")}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        {NAME}
      </a>
      <nav aria-label={text.nav} className="flex gap-5 text-sm">
        {[{ href: "/docs", name: text.docs }, own].map(({ href, name }) => (
          <a key={href} className="nav-link" href={href} aria-current={current(href)}>
            {name}
          </a>
        ))}
      </nav>
    </header>
  );
}

/** A choice of language is a form: it changes a cookie. The document is loaded anew, in the other language. */
function LanguageChoice() {
  const text = useText(messages);
  const present = useLanguage();
  const { pathname, search } = useLocation();
  return (
    <form method="post" action="/language" aria-label={text.language} className="flex gap-2">
      <input type="hidden" name="next" value={pathname + search} />
      {LANGUAGES.map(({ language, name }) => (
        <button
          key={language}
          type="submit"
          name="language"
          value={language}
          lang={language}
          aria-pressed={language === present}
          className="language"
        >
          {name}
        </button>
      ))}
    </form>
  );
}

function Footer() {
  const text = useText(messages);
  const current = useCurrent();
  const links = [
    { href: "/docs/errors", name: text.errors },
    { href: "/v1/openapi.json", name: "OpenAPI" },
    { href: "/v1/spells", name: text.grimoire },
    { href: "/v1/ledger/head", name: text.ledger },
    { href: "/legal/terms", name: text.terms },
    { href: "/legal/privacy", name: text.privacy },
  ];
  return (
    <footer className="page-width mt-24 text-sm text-soft">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4 border-t border-line py-8">
        <div className="grid justify-items-start gap-3">
          <p className="max-w-xs py-1">{text.motto}</p>
          <LanguageChoice />
        </div>
        <nav aria-label={text.more}>
          <ul className="flex flex-wrap gap-x-5 gap-y-2">
            {links.map(({ href, name }) => (
              <li key={href}>
                <a className="nav-link" href={href} aria-current={current(href)}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </footer>
  );
}

interface PageFrameProps {
  readonly isSignedIn: boolean;
  readonly children: ReactNode;
}

/** What every page has around it. */
export function PageFrame({ isSignedIn, children }: PageFrameProps) {
  return (
    <>
      <a className="skip" href="#main">
        {useText(messages).skip}
      </a>
      <Header isSignedIn={isSignedIn} />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  );
}
