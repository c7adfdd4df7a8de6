/** The form that a spell's input schema becomes. It is plain data: the loader sends it with the page. */

interface Place {
  /** The JSON pointer of the value, under which the form sends it. It starts with a slash, as no other field's does. */
  readonly name: string;
  /** The property's name in its object. */
  readonly key: string;
  readonly title: string;
  readonly description: string | null;
  readonly isRequired: boolean;
  /** What the schema suggests, as the form would send it; else empty. */
  readonly suggested: string;
}

export interface TextField extends Place {
  readonly kind: "text";
  readonly isLong: boolean;
  readonly minLength: number;
  readonly maxLength: number | null;
}

export interface NumberField extends Place {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly min: number | null;
  readonly max: number | null;
}

/** One of some JSON values; each is sent as its JSON text. */
export interface ChoiceField extends Place {
  readonly kind: "choice";
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export interface SwitchField extends Place {
  readonly kind: "switch";
}

/** Any JSON, as text. */
export interface JsonField extends Place {
  readonly kind: "json";
}

/** What one control of the form holds. */
export type ValueField = TextField | NumberField | ChoiceField | SwitchField | JsonField;

/** An object whose members have fields of their own. */
export interface GroupField extends Place {
  readonly kind: "group";
  readonly members: readonly ValueField[];
}

export type InputField = ValueField | GroupField;

/** The whole payload as one JSON text, or as an object with a field for each member. */
export type InputForm =
  | { readonly kind: "whole"; readonly field: JsonField }
  | { readonly kind: "object"; readonly fields: readonly InputField[] };

/** What a form was sent with, or is shown with, by the names of its fields. */
export type Typed = Readonly<Record<string, string>>;
