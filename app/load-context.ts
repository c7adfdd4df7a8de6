import type { PortalContext } from "../server/trpc/portal-context.ts";

/** `context` in loaders and actions: the server hands this to Remix with every request. */
declare module "@remix-run/server-runtime" {
  // An interface, because only interfaces merge.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface AppLoadContext extends PortalContext {}
}
