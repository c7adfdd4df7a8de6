import { refusedFields } from "../problems/refused-fields.ts";
import type { Description } from "../problems/problem-notice.tsx";
import type { KeyFields } from "./key-fields.ts";
import { ExpiryInput, LimitInput, NameInput, ScopeInputs } from "./key-inputs.tsx";

interface AllInputsProps {
  readonly fields: KeyFields;
  readonly problem: Description | null;
  readonly earliestDay: string;
}

/** Everything a person decides about a key. */
export function AllInputs({ fields, problem, earliestDay }: AllInputsProps) {
  const refused = refusedFields(problem);
  return (
    <>
      <NameInput typed={fields.name} isRefused={refused.includes("name")} />
      <div className="grid gap-5 sm:grid-cols-2">
        <ExpiryInput
          typed={fields.expires}
          isRefused={refused.includes("expires_at")}
          earliestDay={earliestDay}
        />
        <LimitInput typed={fields.limit} isRefused={refused.includes("monthly_limit_cents")} />
      </div>
      <ScopeInputs chosen={fields.scopes} isRefused={refused.includes("scopes")} />
    </>
  );
}
