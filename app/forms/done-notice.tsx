import { useSearchParams } from "@remix-run/react";

/** Says what a form before this page has done, by the `done` of the address: one of the texts, or nothing. */
export function DoneNotice({ texts }: { readonly texts: Readonly<Record<string, string>> }) {
  const done = useSearchParams()[0].get("done");
  // There from the start: screen readers announce only what changes in a region they know.
  return (
    <div role="status">
      {done !== null && Object.hasOwn(texts, done) && (
        <p className="notice notice-good mt-4">{texts[done]}</p>
      )}
    </div>
  );
}
