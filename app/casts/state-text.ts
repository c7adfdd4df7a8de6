import type { messages } from "./cast.messages.ts";

type Texts = (typeof messages)["en"];

interface State {
  readonly status: keyof Texts["states"];
  readonly error_code: string | null;
}

/** A cast's state in words. A code that has no words of its own yet stands for itself. */
export function stateText(text: Texts, { status, error_code: code }: State): string {
  if (code === null) return text.states[status];
  if (code === "CANCELLED") return text.cancelled;
  const words: Readonly<Record<string, string>> = text.failures;
  return text.failed(words[code] ?? code);
}
