/** A program or an answer. It scrolls by itself, so the keyboard must reach it. */
export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1.5 text-sm text-soft">{label}</figcaption>
      <pre className="code" tabIndex={0} role="group" aria-label={label}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
