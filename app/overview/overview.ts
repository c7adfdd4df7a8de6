import type { PortalContext } from "../../server/trpc/portal-context.ts";

/** What the server says of an account at a glance. */
export type Overview = Awaited<ReturnType<PortalContext["caller"]["usage"]["overview"]>>;
export type Limit = Overview["limit"];
export type Month = Overview["month"];
