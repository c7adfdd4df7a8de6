/** Text of ours, or of a contract, in which code stands between backquotes. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text.split("`").map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className="font-mono text-[0.9em] break-words">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}
