import type { z } from "zod";
import type { Context } from "../context.ts";
import { parseParameters } from "./parameters.ts";

/** What the address and the key of a call say. */
export interface Call {
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  /** It came from a page, with the key that everybody may know. */
  readonly isPublishable: boolean;
}

interface Definition<Schema extends z.ZodType> {
  readonly method: "GET" | "POST" | "DELETE";
  /** With `:id` in it where there is one. */
  readonly path: string;
  readonly parameters: Schema;
  /** Pages may call it too, and show what they know by its client secret. */
  readonly isForPages?: boolean;
  run(context: Context, parameters: z.output<Schema>, call: Call): object;
}

/** An endpoint that takes what it is sent as it comes. */
export interface Endpoint {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly isForPages: boolean;
  execute(context: Context, sent: Readonly<Record<string, unknown>>, call: Call): object;
}

/** One call of the API: its parameters, and what it does. */
export const defineEndpoint = <Schema extends z.ZodType>(definition: Definition<Schema>): Endpoint => ({
  method: definition.method,
  path: definition.path,
  isForPages: definition.isForPages ?? false,
  execute: (context, sent, call) =>
    definition.run(context, parseParameters(definition.parameters, sent), call),
});
