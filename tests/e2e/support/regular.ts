/** Somebody who has used the product for a while: a card, keys, and casts of this month, of which some have failed. */
import { randomBytes } from "node:crypto";
import { writeHistory } from "../../../bench/portal/write-history.ts";
import { signIn } from "../../../dev/sign-in.ts";
import type { StackFile } from "../../../dev/stack/stack-file.ts";
import { connect } from "../../../server/db/connect.ts";
import { callApi } from "../../support/web.ts";
import { giveCard } from "./cards.ts";

const EARLIER_CASTS = 2_000;
const CASTS = [
  { spell_name: "echo", payload: { hello: "world" } },
  { spell_name: "sha256", payload: "text" },
  { spell_name: "text-stats", payload: { text: "one two two" } },
  { spell_name: "qr-code", payload: { text: "https://spell.example" } },
  { spell_name: "text-stats", payload: { text: 1 } },
];

export interface Regular {
  readonly sessionToken: string;
  /** Of the key that is used. */
  readonly keyPrefix: string;
  readonly castId: string;
}

async function addHistory(stack: StackFile, accountId: string, keyId: string): Promise<void> {
  const owner = connect({ url: stack.database_owner_url, poolSize: 1, applicationName: "spell-stories" });
  try {
    await writeHistory(owner.sql, [{ accountId, keyId }], EARLIER_CASTS);
  } finally {
    await owner.close();
  }
}

/** Makes one, at the running stack. */
export async function makeRegular(stack: StackFile): Promise<Regular> {
  const login = `regular-${randomBytes(4).toString("hex")}`;
  const { sessionToken } = await signIn({ baseUrl: stack.base_url, login });
  const call = (method: string, path: string, body?: unknown) =>
    callApi(stack.base_url, method, path, { key: sessionToken, body });
  const accountId = String((await call("GET", "/auth/me")).body["user_id"]);
  await giveCard(stack, sessionToken);
  await call("POST", "/v1/keys", { name: "Laptop", scopes: ["read"], monthly_limit_cents: 250 });
  const key = await call("POST", "/v1/keys", { name: "Workshop" });
  await addHistory(stack, accountId, key.body.id);
  let castId = "";
  for (const body of CASTS) {
    const cast = await callApi(stack.base_url, "POST", "/v1/cast", { key: key.body.api_key, body });
    if (cast.status === 200) castId = cast.body.id;
  }
  return { sessionToken, keyPrefix: key.body.prefix, castId };
}
