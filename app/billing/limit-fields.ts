import type { PortalContext } from "../../server/trpc/portal-context.ts";
import { readDollars, writeDollars } from "./read-dollars.ts";

export type Settings = Awaited<ReturnType<PortalContext["caller"]["budgets"]["settings"]>>;
export type LimitChange = Parameters<PortalContext["caller"]["budgets"]["replace"]>[0];

/** The form as it was typed. */
export interface LimitFields {
  readonly period: string;
  readonly hard_limit: string;
  readonly soft_limit: string;
}

export interface FieldProblems {
  readonly period?: "period";
  readonly hard_limit?: "empty" | "unreadable" | "too-exact" | "bounds";
  readonly soft_limit?: "unreadable" | "too-exact" | "above";
}

const NAMES = ["period", "hard_limit", "soft_limit"] as const;

interface Fields {
  get(name: string): unknown;
}

/** What a form or an address holds; in the place of what it does not, what stands. */
export function takeFields(given: Fields, standing: LimitFields): LimitFields {
  const [period, hard, soft] = NAMES.map((name) => {
    const value = given.get(name);
    return typeof value === "string" ? value.slice(0, 40) : standing[name];
  });
  return { period: period ?? "", hard_limit: hard ?? "", soft_limit: soft ?? "" };
}

/** What stands, as it fills the form. */
export const fieldsOf = ({ budget, default_limit_cents: standard }: Settings): LimitFields => ({
  period: budget?.period ?? "monthly",
  hard_limit: writeDollars(budget?.hard_limit_cents ?? standard),
  soft_limit: budget?.soft_limit_cents == null ? "" : writeDollars(budget.soft_limit_cents),
});

type Checked = { readonly change: LimitChange } | { readonly problems: FieldProblems };

function checkHard(typed: string, settings: Settings): number | FieldProblems["hard_limit"] {
  const hard = readDollars(typed);
  if (hard.kind !== "amount") return hard.kind;
  const isWithin = hard.cents >= settings.min_limit_cents && hard.cents <= settings.max_limit_cents;
  return isWithin ? hard.cents : "bounds";
}

function checkSoft(typed: string, hard: unknown): number | null | FieldProblems["soft_limit"] {
  const soft = readDollars(typed);
  if (soft.kind === "empty") return null;
  if (soft.kind !== "amount") return soft.kind;
  return typeof hard === "number" && soft.cents > hard ? "above" : soft.cents;
}

/** The change that a form asks for, or what is wrong with each of its fields. */
export function checkFields(fields: LimitFields, settings: Settings): Checked {
  const period = fields.period === "daily" || fields.period === "monthly" ? fields.period : undefined;
  const hard = checkHard(fields.hard_limit, settings);
  const soft = checkSoft(fields.soft_limit, hard);
  if (period !== undefined && typeof hard === "number" && typeof soft !== "string" && soft !== undefined) {
    return { change: { period, hard_limit_cents: hard, soft_limit_cents: soft } };
  }
  return {
    problems: {
      ...(period === undefined ? { period: "period" } : {}),
      ...(typeof hard === "string" ? { hard_limit: hard } : {}),
      ...(typeof soft === "string" ? { soft_limit: soft } : {}),
    },
  };
}
