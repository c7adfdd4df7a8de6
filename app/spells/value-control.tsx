import { useText } from "../language/language.tsx";
import type { ValueField } from "./input-field.ts";
import { messages } from "./spell.messages.ts";

interface ControlProps {
  readonly field: ValueField;
  readonly id: string;
  readonly value: string;
  readonly isUnreadable: boolean;
}

/** What every control of a field has in common. */
const common = ({ field, id, value, isUnreadable }: ControlProps) => {
  const describedBy = [
    field.description !== null || field.kind === "json" ? `${id}-note` : null,
    isUnreadable ? `${id}-problem` : null,
  ].filter((part) => part !== null);
  return {
    id,
    name: field.name,
    defaultValue: value,
    className: "field",
    "aria-invalid": isUnreadable || undefined,
    "aria-describedby": describedBy.length === 0 ? undefined : describedBy.join(" "),
  };
};

/** The control alone. An empty text is a text: one has to be typed only where the schema says so. */
function Control(props: ControlProps) {
  const text = useText(messages);
  const { field } = props;
  const shared = common(props);
  switch (field.kind) {
    case "text": {
      const bounds = {
        required: field.isRequired && field.minLength > 0,
        minLength: field.minLength || undefined,
        maxLength: field.maxLength ?? undefined,
      };
      return field.isLong ? (
        <textarea {...shared} {...bounds} rows={5} />
      ) : (
        <input type="text" autoComplete="off" {...shared} {...bounds} />
      );
    }
    case "number":
      return (
        <input
          type="number"
          {...shared}
          required={field.isRequired}
          min={field.min ?? undefined}
          max={field.max ?? undefined}
          step={field.isInteger ? 1 : "any"}
        />
      );
    case "json":
      return (
        <textarea
          {...shared}
          className="field font-mono text-sm"
          rows={field.name === "/" ? 8 : 4}
          required={field.isRequired}
          spellCheck={false}
        />
      );
    case "choice":
    case "switch": {
      const options =
        field.kind === "choice"
          ? field.options
          : [
              { value: "true", label: text.yes },
              { value: "false", label: text.no },
            ];
      return (
        <select {...shared} required={field.isRequired}>
          <option value="">{field.isRequired ? text.choose : text.notGiven}</option>
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      );
    }
  }
}

/** One value of the payload, with its label and what its maker says about it. */
export function ValueControl(props: ControlProps) {
  const text = useText(messages);
  const { field, id, isUnreadable } = props;
  const isWhole = field.name === "/";
  const note = field.description ?? (field.kind === "json" ? text.anyJson : null);
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium wrap-anywhere">
        {isWhole && field.title === "" ? text.payload : field.title}
        {!field.isRequired && <span className="font-normal text-soft">{text.optional}</span>}
      </label>
      {note !== null && (
        <p id={`${id}-note`} className="text-sm text-soft wrap-anywhere">
          {note}
        </p>
      )}
      <Control {...props} />
      {isUnreadable && (
        <p id={`${id}-problem`} className="text-sm text-danger">
          {text.badJson}
        </p>
      )}
    </div>
  );
}
