import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToString } from "react-dom/server";
import { NonceContext } from "./components/nonce.ts";
import { LanguageContext } from "./language/language.tsx";

/** What loaders and actions fail with. A request given up by its browser, or one no page takes, is no failure. */
export function handleError(
  error: unknown,
  { request, context }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
  if (!request.signal.aborted && !isRouteErrorResponse(error)) context.reportFailure(error);
}

/**
 * Renders a document whole. Loaders have waited for all that is on it, so a stream would bring nothing sooner, and takes
 * half as long again to make.
 */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { cspNonce, language }: AppLoadContext,
): Response {
  const document = renderToString(
    <LanguageContext.Provider value={language}>
      <NonceContext.Provider value={cspNonce}>
        <RemixServer context={remixContext} url={request.url} />
      </NonceContext.Provider>
    </LanguageContext.Provider>,
  );
  headers.set("Content-Type", "text/html; charset=utf-8");
  return new Response(`<!DOCTYPE html>${document}`, { headers, status });
}
