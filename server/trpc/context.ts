import { initTRPC, TRPCError } from "@trpc/server";
import type { Actor, Credential, Platform, ServiceContext } from "../context.ts";
import { Unauthenticated } from "../errors.ts";
import { describe } from "../problems/describe.ts";
import { toTrpcError } from "./errors.ts";

/** What a call arrives with. */
export interface TrpcContext {
  readonly platform: Platform;
  readonly credential: Credential | null;
  readonly requestId: string;
  /** Counts who is not known against the address, where the transport has not done so before. @throws RateLimited */
  readonly countVisitor: () => Promise<void>;
  /** Reads what the credential may do now, and counts the call where the transport does. @throws Unauthenticated, RateLimited */
  readonly begin: (credential: Credential, type: "query" | "mutation" | "subscription") => Promise<Actor>;
}

const t = initTRPC.context<TrpcContext>().create({
  errorFormatter: ({ shape, error }) => {
    const { code, httpStatus, path } = shape.data;
    return { ...shape, data: { code, httpStatus, path, problem: describe(error.cause) } };
  },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Errors of verbs become tRPC's, with our description in `data.problem`. */
const translated = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** Open to everybody. */
export const openProcedure = translated;

/** For casts: admission itself reads the credential's state and counts the request. */
export const credentialProcedure = translated.use(({ ctx, next }) => {
  if (ctx.credential === null) throw new TRPCError({ code: "UNAUTHORIZED", cause: new Unauthenticated() });
  return next({ ctx: { ...ctx, credential: ctx.credential } });
});

/** For everything else that acts for somebody: `ctx.service` is what verbs take. */
export const actorProcedure = credentialProcedure.use(async ({ ctx, type, next }) => {
  const actor = await ctx.begin(ctx.credential, type);
  const service: ServiceContext = { ...ctx.platform, actor, requestId: ctx.requestId };
  return next({ ctx: { ...ctx, service } });
});
