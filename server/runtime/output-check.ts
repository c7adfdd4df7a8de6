import { isJson, isText } from "./content-type.ts";

/** Deeper than any data is, and far from where writing it again would use up a stack. */
const MOST_NESTING = 1_000;

const [QUOTE, BACKSLASH, OPEN_ARRAY, OPEN_OBJECT, CLOSE_ARRAY, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x7b, 0x5d, 0x7d,
];

/** How deep a JSON text nests arrays and objects; the text is valid. */
function nestingOf(text: string): number {
  let [depth, deepest, isInString] = [0, 0, false];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
  }
  return deepest;
}

/** Is the output what its content type promises? JSON: one JSON text, nested no deeper than anybody reads; text and XML: UTF-8; all else is bytes. */
export function outputFits(contentType: string, output: Uint8Array): boolean {
  if (!isJson(contentType) && !isText(contentType)) return true;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(output);
    if (!isJson(contentType)) return true;
    JSON.parse(text);
    return nestingOf(text) <= MOST_NESTING;
  } catch {
    return false;
  }
}
