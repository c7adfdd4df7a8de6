import { useText } from "../language/language.tsx";
import { FieldFrame } from "../forms/field-frame.tsx";
import { messages } from "./key.messages.ts";
import { SCOPES, type Scope } from "./key.ts";

interface InputProps {
  readonly typed: string;
  readonly isRefused: boolean;
}

export function NameInput({ typed, isRefused }: InputProps) {
  const text = useText(messages).fields;
  return (
    <FieldFrame
      id="name"
      label={text.name}
      hint={text.nameHint}
      problem={isRefused ? text.nameProblem : null}
    >
      {(described) => (
        <input
          {...described}
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          defaultValue={typed}
          className="field"
        />
      )}
    </FieldFrame>
  );
}

export function ExpiryInput({
  typed,
  isRefused,
  earliestDay,
}: InputProps & { readonly earliestDay: string }) {
  const text = useText(messages).fields;
  return (
    <FieldFrame
      id="expires"
      label={text.expires}
      hint={text.expiresHint}
      problem={isRefused ? text.expiresProblem : null}
    >
      {(described) => (
        <input
          {...described}
          name="expires"
          type="date"
          min={earliestDay}
          defaultValue={typed}
          className="field"
        />
      )}
    </FieldFrame>
  );
}

export function LimitInput({ typed, isRefused }: InputProps) {
  const text = useText(messages).fields;
  return (
    <FieldFrame
      id="limit"
      label={text.limit}
      hint={text.limitHint}
      problem={isRefused ? text.limitProblem : null}
    >
      {(described) => (
        <input
          {...described}
          name="limit"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={typed}
          className="field"
        />
      )}
    </FieldFrame>
  );
}

interface ScopeInputsProps {
  readonly chosen: readonly Scope[];
  readonly isRefused: boolean;
}

/** A checkbox for each thing a key may do. */
export function ScopeInputs({ chosen, isRefused }: ScopeInputsProps) {
  const text = useText(messages);
  return (
    <fieldset aria-describedby={isRefused ? "scopes-problem" : undefined}>
      <legend className="text-sm font-medium">{text.fields.scopes}</legend>
      {isRefused && (
        <p id="scopes-problem" className="text-sm font-medium text-danger">
          {text.fields.scopesProblem}
        </p>
      )}
      <div className="mt-2 grid gap-2">
        {SCOPES.map((scope) => (
          <div key={scope} className="flex items-start gap-3">
            <input
              type="checkbox"
              id={`scope-${scope}`}
              name="scope"
              value={scope}
              defaultChecked={chosen.includes(scope)}
              aria-invalid={isRefused}
              aria-describedby={`scope-${scope}-hint`}
              className="mt-0.5 size-6 shrink-0 accent-accent"
            />
            <div>
              <label htmlFor={`scope-${scope}`} className="font-mono text-sm">
                {scope}
              </label>
              <p id={`scope-${scope}-hint`} className="text-sm text-soft">
                {text.scopes[scope]}
              </p>
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
