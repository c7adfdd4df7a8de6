import type { Description } from "./problem-notice.tsx";

/** The fields that a refusal of an input names; none where it is about something else. */
export function fieldNames(problem: Description | null): readonly string[] {
  const fields = problem?.["fields"];
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((each: unknown) => {
    const { field } = Object(each) as { field?: unknown };
    return typeof field === "string" ? [field] : [];
  });
}
