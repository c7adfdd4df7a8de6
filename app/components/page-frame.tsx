import { useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { messages } from "../root.messages.ts";

const text = messages.frame;

/** What every page has around it. */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  const { pathname } = useLocation();
  const current = (href: string) => (pathname === href ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#main">
        {text.skip}
      </a>
      <header className="page-width flex items-center justify-between gap-6 py-5">
        <a className="brand" href="/" aria-current={current("/")}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {text.name}
        </a>
        <nav aria-label={text.nav} className="flex gap-5 text-sm">
          {text.links.map(({ href, name }) => (
            <a key={href} className="nav-link" href={href} aria-current={current(href)}>
              {name}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="page-width mt-24 text-sm text-soft">
        <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-4 border-t border-line py-8">
          <p>{text.motto}</p>
          <nav aria-label={text.more}>
            <ul className="flex flex-wrap gap-x-5 gap-y-2">
              {text.programs.map(({ href, name }) => (
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
    </>
  );
}
