import type { Context } from "../context.ts";
import type { Invoice } from "../store/kinds.ts";
import { invalidRequest } from "./error.ts";
import { listOf } from "./list.ts";

type Members = Readonly<Record<string, unknown>>;

const MOST_LEVELS = 4;
/** What is named by an id that the emulator keeps no object of stays an id. */
const ID = /^[a-z_]+_[A-Za-z0-9]{20,}$/;

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null;

const refuse = (path: string) =>
  invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });

/** What an invoice tells only those who ask for it. */
function includedInInvoice({ store }: Context, { id }: Invoice, name: string): unknown {
  const payments = store.allOf("invoice_payment", id);
  if (name === "payments") return listOf(`/v1/invoice_payments?invoice=${id}`, payments.reverse());
  if (name !== "confirmation_secret") return undefined;
  const intent = payments.find(({ is_default }) => is_default)?.payment.payment_intent;
  if (typeof intent !== "string") return null;
  return { client_secret: store.get("payment_intent", intent).client_secret, type: "payment_intent" };
}

function included(context: Context, object: Members, name: string): unknown {
  if (object["object"] === "charge" && name === "refunds")
    return listOf("/v1/refunds", context.store.allOf("refund", String(object["id"])).reverse());
  // An object that calls itself one is one.
  return object["object"] === "invoice"
    ? includedInInvoice(context, object as unknown as Invoice, name)
    : undefined;
}

/** The value with the objects of one path in the place of their ids. */
function expandPath(context: Context, value: unknown, names: readonly string[], path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => expandPath(context, item, names, path));
  const [name, ...rest] = names;
  if (name === undefined || value === null) return value;
  if (!isObject(value)) throw refuse(path);
  const inner = value[name] ?? included(context, value, name);
  if (inner === undefined && !(name in value)) throw refuse(path);
  const found = typeof inner === "string" ? context.store.findAny(inner) : inner;
  if (typeof inner === "string" && found === null && !ID.test(inner)) throw refuse(path);
  return { ...value, [name]: expandPath(context, found ?? inner, rest, path) };
}

/** Puts whole objects in the place of the ids that the paths name. @throws Refusal */
export function expand(context: Context, object: object, paths: unknown): object {
  if (paths === undefined) return object;
  if (!Array.isArray(paths)) throw invalidRequest("Invalid array", { param: "expand" });
  return paths.reduce<object>((expanded, path) => {
    const names = String(path).split(".");
    if (names.length > MOST_LEVELS)
      throw invalidRequest(`You cannot expand more than ${MOST_LEVELS} levels of a property.`);
    // An object stays one, whatever is put into it.
    return expandPath(context, expanded, names, String(path)) as object;
  }, object);
}
