import type { Language } from "../language/translated.ts";
import { groupNames, operationNames } from "./japanese-names.ts";
import type { Group, Operation } from "./operations.ts";

/** A name, and the language it is in: what has no Japanese name keeps its English one. */
export interface Named {
  readonly name: string;
  readonly language: Language;
}

export interface NamedOperation extends Operation {
  readonly named: Named;
}

export interface NamedGroup {
  readonly id: string;
  readonly named: Named;
  readonly operations: readonly NamedOperation[];
}

function nameOf(english: string, japanese: string | undefined, language: Language): Named {
  return language === "ja" && japanese !== undefined
    ? { name: japanese, language: "ja" }
    : { name: english, language: "en" };
}

/** Groups and operations with their names in the language of the page. */
export const nameGroups = (groups: readonly Group[], language: Language): readonly NamedGroup[] =>
  groups.map(({ id, name, operations }) => ({
    id,
    named: nameOf(name, groupNames[name], language),
    operations: operations.map((operation) => ({
      ...operation,
      named: nameOf(operation.summary, operationNames[operation.id], language),
    })),
  }));
