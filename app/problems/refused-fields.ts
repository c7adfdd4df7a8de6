import type { Description } from "../../server/trpc/portal-context.ts";

/** The names of the inputs that a problem is about, and of what they are part of; none where it is about no input. */
export function refusedFields(problem: Description | null): readonly string[] {
  const fields = problem?.["fields"];
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((entry: unknown) => {
    // Every value has members once it is an object; what is missing is undefined.
    const { field } = Object(entry) as { readonly field?: unknown };
    return String(field).split(".");
  });
}
