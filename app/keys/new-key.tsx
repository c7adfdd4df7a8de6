import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { CodeBlock } from "../components/code-block.tsx";
import { curlCast } from "../docs/examples.ts";
import { useText } from "../language/language.tsx";
import { messages } from "./key.messages.ts";
import type { Scope } from "./key.ts";

/** The text in a field that can be selected by hand, and a button that copies it, once scripts run. */
function CopyField({ apiKey }: { readonly apiKey: string }) {
  const text = useText(messages).made;
  const field = useRef<HTMLTextAreaElement>(null);
  const [canCopy, setCanCopy] = useState(false);
  const [outcome, setOutcome] = useState<"copied" | "notCopied" | null>(null);
  useEffect(() => {
    setCanCopy(true);
  }, []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(apiKey);
      setOutcome("copied");
    } catch {
      // Refused, or there is no clipboard outside of secure pages.
      field.current?.focus();
      field.current?.select();
      setOutcome("notCopied");
    }
  };
  return (
    <div className="mt-4 grid gap-2">
      <label htmlFor="api-key" className="text-sm font-medium">
        {text.label}
      </label>
      <textarea
        ref={field}
        id="api-key"
        readOnly
        rows={3}
        autoComplete="off"
        spellCheck={false}
        value={apiKey}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
        className="field field-sizing-content resize-none font-mono text-sm break-all"
      />
      <div className="flex flex-wrap items-center gap-3">
        {canCopy && (
          <button type="button" className="button" onClick={() => void copy()}>
            {text.copy}
          </button>
        )}
        <p role="status" className="text-sm">
          {outcome !== null && text[outcome]}
        </p>
      </div>
    </div>
  );
}

/** Whether this page still shows what it was loaded with: a browser that keeps a left page for its back button must keep no key in it. */
function useIsUnleft(): boolean {
  const [isUnleft, setIsUnleft] = useState(true);
  useEffect(() => {
    const leave = () => {
      flushSync(() => {
        setIsUnleft(false);
      });
    };
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
    };
  }, []);
  return isUnleft;
}

interface NewKeyProps {
  readonly made: { readonly name: string; readonly api_key: string; readonly scopes: readonly Scope[] };
  readonly origin: string;
  /** When the secret before this one ends. */
  readonly note?: string;
}

/** A key's text, the one time it is shown. */
export function NewKey({ made, origin, note }: NewKeyProps) {
  const text = useText(messages).made;
  const section = useRef<HTMLElement>(null);
  const isUnleft = useIsUnleft();
  useEffect(() => {
    section.current?.focus();
  }, [made.api_key]);
  if (!isUnleft) return null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-labelledby="new-key"
      className="panel mt-6 border-accent p-5 sm:p-6"
    >
      <h2 id="new-key" className="text-xl font-semibold wrap-anywhere">
        {text.heading(made.name)}
      </h2>
      <p className="mt-1">{text.once}</p>
      {note !== undefined && <p className="mt-1">{note}</p>}
      <CopyField key={made.api_key} apiKey={made.api_key} />
      {made.scopes.includes("cast") && (
        <div className="mt-5">
          <CodeBlock label={text.curl} code={curlCast(origin, made.api_key)} />
          <p className="mt-1.5 text-sm text-soft">{text.curlNote}</p>
        </div>
      )}
    </section>
  );
}
