import { createHmac } from "node:crypto";

/** The header by which a receiver knows that a body comes from here and when it was sent. */
export function signatureOf(body: string, secret: string, atS: number): string {
  const signature = createHmac("sha256", secret).update(`${atS}.${body}`).digest("hex");
  return `t=${atS},v1=${signature}`;
}
