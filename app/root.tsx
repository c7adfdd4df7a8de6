import { json, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { useNonce } from "./components/nonce.ts";
import { PageFrame } from "./components/page-frame.tsx";
import { useLanguage, useText } from "./language/language.tsx";
import { messages, NAME } from "./root.messages.ts";
import styles from "./styles/app.css?url";

/** The frame stays as it is while figures in a page are read anew. */
export { leaveAtRefresh as shouldRevalidate } from "./overview/leave-at-refresh.ts";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

/** What the frame around every page needs. */
export function loader({ context: { language, person } }: LoaderFunctionArgs) {
  return json({ language, isSignedIn: person !== null });
}

type Texts = (typeof messages)["en"];

function explain(text: Texts, error: unknown) {
  if (!isRouteErrorResponse(error) || error.status >= 500) return text.failed;
  return error.status === 404 ? text.missing : text.unfit;
}

/** Pages have titles of their own; this one stands where the error boundary does. */
export const meta: MetaFunction<typeof loader> = ({ error, data }) => [
  {
    title: error === undefined ? NAME : `${explain(messages[data?.language ?? "en"], error).title} · ${NAME}`,
  },
];

export function Layout({ children }: { readonly children: ReactNode }) {
  const nonce = useNonce();
  // Missing where this very loader failed: then nobody is taken for signed in.
  const isSignedIn = useRouteLoaderData<typeof loader>("root")?.isSignedIn ?? false;
  return (
    <html lang={useLanguage()}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <PageFrame isSignedIn={isSignedIn}>{children}</PageFrame>
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
  const text = useText(messages);
  const { title, detail } = explain(text, useRouteError());
  return (
    <section className="page">
      <h1 className="page-title">{title}</h1>
      <p className="mt-4 max-w-2xl text-lg text-soft">{detail}</p>
      <p className="mt-8">
        <a className="link" href="/">
          {text.home}
        </a>
      </p>
    </section>
  );
}
