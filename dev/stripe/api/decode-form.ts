/** A form as Stripe's API reads it: brackets make objects and arrays of flat names. */
export interface Form {
  [name: string]: string | Form;
}

const NAME = /^[^[\]]+(?:\[[^[\]]*\])*$/;

// Without a prototype: names like __proto__ are names like all others.
// An object of no members is a Form.
const emptyForm = (): Form => Object.create(null) as Form;

function set(form: Form, path: readonly string[], value: string): void {
  const [name = "", ...rest] = path;
  const key = name === "" ? String(Object.keys(form).length) : name;
  if (rest.length === 0) {
    form[key] = value;
    return;
  }
  const known = form[key];
  const inner = typeof known === "object" ? known : emptyForm();
  form[key] = inner;
  set(inner, rest, value);
}

const isArray = (form: Form): boolean => {
  const names = Object.keys(form);
  return names.length > 0 && names.every((name, index) => name === String(index));
};

/** Forms whose names count up from 0 are arrays. */
function withArrays(value: string | Form): unknown {
  if (typeof value === "string") return value;
  if (isArray(value)) return Object.values(value).map(withArrays);
  const form = emptyForm();
  return Object.assign(form, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withArrays(v)])));
}

/** Reads a query or a body. */
export function decodeForm(text: string): Readonly<Record<string, unknown>> {
  const form = emptyForm();
  for (const [name, value] of new URLSearchParams(text))
    set(form, NAME.test(name) ? name.replaceAll("]", "").split("[") : [name], value);
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, withArrays(value)]));
}
