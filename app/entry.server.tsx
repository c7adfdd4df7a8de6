import { PassThrough } from "node:stream";
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type AppLoadContext,
  type EntryContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./components/nonce.ts";
import { LanguageContext } from "./language/language.tsx";

const ABORT_MS = 5_000;

/** What loaders and actions fail with. A request given up by its browser, or one no page takes, is no failure. */
export function handleError(
  error: unknown,
  { request, context }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
  if (!request.signal.aborted && !isRouteErrorResponse(error)) context.reportFailure(error);
}

/** Renders a document. Robots wait for all of it, people get it as it comes. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { cspNonce, language, reportFailure }: AppLoadContext,
): Promise<Response> {
  const isRobot = isbot(request.headers.get("User-Agent") ?? "");
  return new Promise((resolve, reject) => {
    let hasFailed = false;
    const answer = () => {
      const body = new PassThrough();
      headers.set("Content-Type", "text/html; charset=utf-8");
      resolve(
        new Response(createReadableStreamFromReadable(body), { headers, status: hasFailed ? 500 : status }),
      );
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(
      <LanguageContext.Provider value={language}>
        <NonceContext.Provider value={cspNonce}>
          <RemixServer context={remixContext} url={request.url} abortDelay={ABORT_MS} />
        </NonceContext.Provider>
      </LanguageContext.Provider>,
      {
        nonce: cspNonce,
        onShellReady: () => {
          if (!isRobot) answer();
        },
        onAllReady: () => {
          if (isRobot) answer();
        },
        onShellError: reject,
        onError: (error) => {
          hasFailed = true;
          reportFailure(error);
        },
      },
    );
    setTimeout(abort, ABORT_MS).unref();
  });
}
