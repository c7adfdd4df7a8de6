interface AmountFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problem: string | null;
  readonly isRequired?: boolean;
}

/** Dollars and cents as text: a number field would refuse what people type, and say little of why. */
export function AmountField({ name, label, hint, value, problem, isRequired = false }: AmountFieldProps) {
  const [hintId, problemId] = [`${name}-hint`, `${name}-problem`];
  return (
    <div>
      <label htmlFor={name} className="block font-medium">
        {label}
      </label>
      <p id={hintId} className="text-sm text-soft">
        {hint}
      </p>
      <input
        id={name}
        name={name}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        maxLength={40}
        required={isRequired}
        defaultValue={value}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? hintId : `${problemId} ${hintId}`}
        className="field mt-2 max-w-60"
      />
      {problem !== null && (
        <p id={problemId} className="mt-2 text-sm font-medium text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
