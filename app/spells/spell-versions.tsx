import { useFormats, useText } from "../language/language.tsx";
import { messages } from "../routes/dashboard.spells.$name.messages.ts";

interface SpellVersionsProps {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly published_at: string }[];
}

/** The versions that can be cast. */
export function SpellVersions({ name, versions }: SpellVersionsProps) {
  const text = useText(messages);
  const { dayAndTime } = useFormats();
  return (
    <section aria-labelledby="versions" className="mt-10">
      <h2 id="versions" className="text-lg font-semibold">
        {text.versions}
      </h2>
      <table className="table mt-2">
        <caption className="sr-only">{text.versionsOf(name)}</caption>
        <thead>
          <tr>
            <th scope="col">{text.versionColumn}</th>
            <th scope="col">{text.publishedColumn}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, published_at: at }) => (
            <tr key={version}>
              <td className="wrap-anywhere">{version}</td>
              <td>
                <time dateTime={at}>{dayAndTime(at)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
