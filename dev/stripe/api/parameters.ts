/** The parts that the parameters of endpoints are made of, and what is said of those that do not fit. */
import { z } from "zod";
import { invalidRequest, Refusal } from "./error.ts";

export const text = z.string().min(1).max(5_000);
/** Empty means: take it away. */
export const clearableText = z
  .string()
  .max(5_000)
  .transform((value) => (value === "" ? null : value));
export const integer = z
  .string()
  .regex(/^-?\d+$/, "integer")
  .transform(Number);
export const positive = integer.refine((value) => value > 0, "positive");
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** An empty value unsets a name, an empty whole unsets them all. */
export const metadata = z.preprocess(
  // Names that count up from 0 are names here, and no array.
  (value) => (Array.isArray(value) ? Object.assign({}, value) : value),
  z.union([z.literal(""), z.record(z.string().min(1).max(40), z.string().max(500))]),
);
export type MetadataChange = z.output<typeof metadata>;

const range = z.strictObject({
  gt: integer.optional(),
  gte: integer.optional(),
  lt: integer.optional(),
  lte: integer.optional(),
});
export const created = z.union([integer, range]).optional();

export const pageParameters = {
  limit: integer.refine((limit) => limit >= 1 && limit <= 100, "1 to 100").optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Which times a `created` selects. */
export function createdRange(value: z.output<typeof created>): { createdFrom?: number; createdTo?: number } {
  if (value === undefined) return {};
  if (typeof value === "number") return { createdFrom: value, createdTo: value };
  const from = Math.max(value.gte ?? -Infinity, (value.gt ?? -Infinity) + 1);
  const to = Math.min(value.lte ?? Infinity, (value.lt ?? Infinity) - 1);
  return {
    ...(Number.isFinite(from) && { createdFrom: from }),
    ...(Number.isFinite(to) && { createdTo: to }),
  };
}

/** What metadata are after a change. */
export function mergeMetadata(
  before: Readonly<Record<string, string>> | null,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === "") return {};
  const merged = { ...before, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
}

const nameOf = ([first = "", ...rest]: readonly PropertyKey[]): string =>
  String(first) + rest.map((part) => `[${String(part)}]`).join("");

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    // Only own members of what was sent are looked at.
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );

function problemOf(input: unknown, issue: z.core.$ZodIssue): Refusal {
  if (issue.code === "unrecognized_keys") {
    const param = nameOf([...issue.path, issue.keys[0] ?? ""]);
    return invalidRequest(`Received unknown parameter: ${param}`, { code: "parameter_unknown", param });
  }
  const param = nameOf(issue.path);
  const value = valueAt(input, issue.path);
  if (value === undefined)
    return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  if (value === "")
    return invalidRequest(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; ` +
        `however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
      { code: "parameter_invalid_empty", param },
    );
  if (issue.message === "integer")
    return invalidRequest(`Invalid integer: ${typeof value === "string" ? value : "an object"}`, {
      code: "parameter_invalid_integer",
      param,
    });
  return invalidRequest(`Invalid ${param}: ${issue.message}`, { param });
}

/** @throws Refusal */
export function parseParameters<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const { status, body } = issue === undefined ? invalidRequest("Invalid request.") : problemOf(input, issue);
  throw new Refusal(status, body, { isValidation: true });
}
