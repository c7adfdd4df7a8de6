import { Form, useNavigation } from "@remix-run/react";
import { messages } from "../routes/_index.messages.ts";

/** The live cast's form: a plain post without JavaScript, the same without a reload with it. */
export function CastForm({ text, problem }: { readonly text: string; readonly problem: string | null }) {
  const isPending = useNavigation().state === "submitting";
  return (
    <Form method="post" action="/?index#try" className="mt-5 grid gap-3" preventScrollReset>
      <label htmlFor="text" className="text-sm font-medium">
        {messages.live.label}
      </label>
      <textarea
        id="text"
        name="text"
        rows={5}
        maxLength={10_000}
        required
        defaultValue={text}
        aria-describedby={problem === null ? undefined : "problem"}
        aria-invalid={problem !== null}
        className="w-full rounded-lg border border-line bg-paper p-3"
      />
      {problem !== null && (
        <p id="problem" role="alert" className="rounded-lg bg-warn px-4 py-3 text-sm">
          {problem}
        </p>
      )}
      <button type="submit" className="button justify-self-start" aria-disabled={isPending}>
        {isPending ? messages.live.pending : messages.live.button}
      </button>
    </Form>
  );
}
