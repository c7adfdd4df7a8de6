/** A card on file, by the product's verb: it is Stripe's pages that would ask for one. */
import { readConfig } from "../../../server/config.ts";
import { connect } from "../../../server/db/connect.ts";
import { registerCard } from "../../../server/services/billing/register-card.ts";
import type { StackFile } from "../../../dev/stack/stack-file.ts";
import { testCard } from "../../support/test-card.ts";

export async function giveCard(stack: StackFile, accountId: string): Promise<void> {
  const config = readConfig({
    NODE_ENV: "test",
    DATABASE_URL: stack.database_url,
    KEY_PEPPER: stack.key_pepper,
    RECEIPT_KEY: stack.receipt_key,
  });
  const db = connect({ url: config.DATABASE_URL, poolSize: 1, applicationName: "spell-stories" });
  try {
    await registerCard({ db, config }, accountId, testCard());
  } finally {
    await db.close();
  }
}
