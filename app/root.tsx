import type { LinksFunction, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { useNonce } from "./components/nonce.ts";
import { PageFrame } from "./components/page-frame.tsx";
import { messages } from "./root.messages.ts";
import styles from "./styles/app.css?url";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

function explain(error: unknown) {
  if (!isRouteErrorResponse(error) || error.status >= 500) return messages.failed;
  return error.status === 404 ? messages.missing : messages.unfit;
}

/** Pages have titles of their own; this one stands where the error boundary does. */
export const meta: MetaFunction = ({ error }) => [
  { title: error === undefined ? messages.frame.name : messages.titleOf(explain(error).title) },
];

export function Layout({ children }: { readonly children: ReactNode }) {
  const nonce = useNonce();
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <PageFrame>{children}</PageFrame>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  const { title, detail } = explain(useRouteError());
  return (
    <section className="page">
      <h1 className="page-title">{title}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">{detail}</p>
      <p className="mt-8">
        <a className="link" href="/">
          {messages.home}
        </a>
      </p>
    </section>
  );
}
