/** `make credit ACCOUNT= MICROS= REASON= REFERENCE= [CAST=]`: on the running stack, or on DATABASE_URL. */
import { parseArgs } from "node:util";
import { connect } from "../server/db/connect.ts";
import { creditAccount, creditInput } from "../server/services/billing/credit.ts";
import { readStackFile } from "./stack/stack-file.ts";

const text = { type: "string" } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { account: text, micros: text, reason: text, reference: text, cast: text },
  });
  const parsed = creditInput.safeParse({
    account_id: values.account,
    amount_micros: Number(values.micros),
    reason: values.reason,
    reference: values.reference,
    ...(values.cast ? { cast_id: values.cast } : {}),
  });
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  const url = process.env["DATABASE_URL"] ?? (await readStackFile()).database_url;
  const db = connect({ url, poolSize: 2, applicationName: "spell-credit" });
  try {
    const { isNew } = await creditAccount({ db }, parsed.data);
    console.log(isNew ? "Credited." : "Credited before, under this reference; nothing changed.");
  } finally {
    await db.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
