/** A cast's result as a page can show it. */

/** Longer texts are cut: a page is for reading, and the API gives the whole. */
const SHOWN_CHARACTERS = 50_000;
/** Larger drawings are shown as text, which is cut. */
const SVG_CHARACTERS = 300_000;
/** Indenting what is nested deeper takes more room than the text itself. */
const INDENTED_DEPTH = 64;

interface Text {
  readonly text: string;
  /** The text goes on beyond what is shown. */
  readonly isCut: boolean;
}

export type ShownResult =
  | (Text & { readonly kind: "text" | "json" })
  | (Text & { readonly kind: "svg"; readonly href: string | null })
  | { readonly kind: "bytes"; readonly bytes: number };

const cut = (text: string): Text => ({
  text: text.slice(0, SHOWN_CHARACTERS),
  isCut: text.length > SHOWN_CHARACTERS,
});

function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const sign of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").replaceAll(/[^[\]{}]/g, "")) {
    depth += sign === "[" || sign === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Indented where that is not out of all proportion. */
function jsonText(result: unknown): string {
  try {
    const compact = JSON.stringify(result);
    return compact.length > SHOWN_CHARACTERS || depthOf(compact) > INDENTED_DEPTH
      ? compact
      : JSON.stringify(result, null, 2);
  } catch {
    // What was parsed from JSON has no cycles: only nesting beyond the stack fails.
    return "…";
  }
}

/** As an image a drawing runs nothing and loads nothing, whatever its maker wrote into it. */
const dataUrl = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;

/** `result` as casts give it: a string for text and SVG, parsed JSON, or `{base64}`. */
export function showResult(contentType: string, result: unknown): ShownResult {
  if (typeof result === "string" && contentType === "image/svg+xml")
    return { kind: "svg", ...cut(result), href: result.length > SVG_CHARACTERS ? null : dataUrl(result) };
  if (typeof result === "string" && (contentType.startsWith("text/") || contentType.endsWith("+xml")))
    return { kind: "text", ...cut(result) };
  const isJson = contentType === "application/json" || contentType.endsWith("+json");
  const base64 = isJson ? null : (Object(result) as { base64?: unknown }).base64;
  if (typeof base64 === "string") return { kind: "bytes", bytes: Buffer.byteLength(base64, "base64") };
  const text = jsonText(result);
  return { kind: "json", ...cut(text), isCut: text.length > SHOWN_CHARACTERS || text === "…" };
}
