const isJson = (contentType: string) => contentType === "application/json" || contentType.endsWith("+json");
const isText = (contentType: string) => contentType.startsWith("text/") || contentType.endsWith("+xml");

/** Is the output what its content type promises? JSON: one JSON text; text and XML: UTF-8; all else is bytes. */
export function outputFits(contentType: string, output: Uint8Array): boolean {
  if (!isJson(contentType) && !isText(contentType)) return true;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(output);
    if (isJson(contentType)) JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
