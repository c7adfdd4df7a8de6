/** Between JSON and a program's stdin and stdout. */
import type { Config } from "../../config.ts";
import { InvalidRequest, PayloadTooLarge } from "../../errors.ts";
import { isJson, isText } from "../../runtime/content-type.ts";

/** stdin: the payload as compact JSON in UTF-8. @throws PayloadTooLarge, InvalidRequest */
export function encodePayload({ CAST_PAYLOAD_BYTES: limit }: Config, payload: unknown): Uint8Array {
  let text: string;
  try {
    text = JSON.stringify(payload);
  } catch {
    // What was parsed from JSON has no cycles: only nesting beyond the stack fails.
    throw new InvalidRequest([{ field: "payload", message: "is nested too deeply" }]);
  }
  const bytes = Buffer.from(text);
  if (bytes.length > limit) throw new PayloadTooLarge(limit);
  return bytes;
}

/** The `result` of stdout, which the sandbox has checked against the content type already. */
export function decodeResult(contentType: string, output: Uint8Array): unknown {
  if (isJson(contentType)) return JSON.parse(new TextDecoder().decode(output));
  if (isText(contentType)) return new TextDecoder().decode(output);
  return { base64: Buffer.from(output).toString("base64") };
}
