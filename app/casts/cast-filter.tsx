import { Form } from "@remix-run/react";
import { useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.casts._index.messages.ts";
import { messages as castMessages } from "./cast.messages.ts";

export const FILTERS = ["spell", "status", "key", "from", "to"] as const;
type Filter = (typeof FILTERS)[number];

interface CastFilterProps {
  readonly asked: Readonly<Partial<Record<Filter, string>>>;
  /** The filters that cannot be looked for. */
  readonly wrong: readonly string[];
}

interface TextFilterProps extends CastFilterProps {
  readonly name: "spell" | "key" | "from" | "to";
  readonly label: string;
  readonly note?: string;
}

function TextFilter({ name, label, note, asked, wrong }: TextFilterProps) {
  const text = useText(messages);
  const isWrong = wrong.includes(name);
  const describedBy = [note === undefined ? "" : `${name}-note`, isWrong ? `${name}-problem` : ""]
    .join(" ")
    .trim();
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={name} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={name}
        name={name}
        type={name === "from" || name === "to" ? "date" : "text"}
        autoComplete="off"
        defaultValue={asked[name] ?? ""}
        className="field"
        aria-invalid={isWrong || undefined}
        aria-describedby={describedBy === "" ? undefined : describedBy}
      />
      {note !== undefined && (
        <p id={`${name}-note`} className="text-sm text-soft">
          {note}
        </p>
      )}
      {isWrong && (
        <p id={`${name}-problem`} className="text-sm text-danger">
          {text.wrong}
        </p>
      )}
    </div>
  );
}

/** Which casts to show; the address holds it. */
export function CastFilter({ asked, wrong }: CastFilterProps) {
  const text = useText(messages);
  const { states } = useText(castMessages);
  const { fields } = text;
  const given = { asked, wrong };
  return (
    <Form
      method="get"
      role="search"
      aria-label={text.filter}
      className="panel mt-6 grid grid-cols-[minmax(0,1fr)] gap-4 p-5 sm:grid-cols-2 lg:grid-cols-5"
      key={FILTERS.map((name) => asked[name] ?? "").join(" ")}
    >
      <TextFilter name="spell" label={fields.spell} note={fields.spellNote} {...given} />
      <div className="grid content-start gap-1">
        <label htmlFor="status" className="text-sm font-medium">
          {fields.status}
        </label>
        <select id="status" name="status" defaultValue={asked.status ?? ""} className="field">
          <option value="">{text.anyStatus}</option>
          <option value="COMPLETED">{states.COMPLETED}</option>
          <option value="FAILED">{states.FAILED}</option>
        </select>
      </div>
      <TextFilter name="key" label={fields.key} note={fields.keyNote} {...given} />
      <TextFilter name="from" label={fields.from} {...given} />
      <TextFilter name="to" label={fields.to} {...given} />
      <button type="submit" className="button justify-self-start">
        {text.show}
      </button>
    </Form>
  );
}
