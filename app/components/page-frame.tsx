import type { ReactNode } from "react";

/** What every page has around it. */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="mx-auto flex max-w-6xl items-center justify-between px-5 py-5">
        <a className="flex items-center gap-2.5 font-semibold tracking-tight" href="/">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Spell Platform
        </a>
        <nav aria-label="Main" className="flex gap-5 text-sm">
          <a className="link" href="/docs">
            API reference
          </a>
        </nav>
      </header>
      <main id="main">{children}</main>
      <footer className="mx-auto mt-24 max-w-6xl border-t border-line px-5 py-8 text-sm text-soft">
        Computation sold by the call. A hard budget, an exact price, a ledger that proves both.
      </footer>
    </>
  );
}
