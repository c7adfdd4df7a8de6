import type { ReactNode } from "react";

interface FieldFrameProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** What is wrong with the field; null where nothing is. */
  readonly problem: string | null;
  readonly children: (described: {
    readonly id: string;
    readonly "aria-describedby": string;
    readonly "aria-invalid": boolean;
  }) => ReactNode;
}

/** A field's label, what it means, and what is wrong with it; the field gets what ties them together. */
export function FieldFrame({ id, label, hint, problem, children }: FieldFrameProps) {
  const [hintId, problemId] = [`${id}-hint`, `${id}-problem`];
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": problem === null ? hintId : `${problemId} ${hintId}`,
        "aria-invalid": problem !== null,
      })}
      {problem !== null && (
        <p id={problemId} className="text-sm font-medium text-danger">
          {problem}
        </p>
      )}
      <p id={hintId} className="text-sm text-soft">
        {hint}
      </p>
    </div>
  );
}
