/** `make ledger-verify`: recomputes the running stack's ledger, or that of DATABASE_URL. */
import { connect } from "../server/db/connect.ts";
import { verifyLedger } from "../server/services/ledger/verify.ts";
import { readStackFile } from "./stack/stack-file.ts";

try {
  const url = process.env["DATABASE_URL"] ?? (await readStackFile()).database_url;
  const db = connect({ url, poolSize: 2, applicationName: "spell-ledger-verify" });
  try {
    const report = await verifyLedger(db);
    console.log(`${report.entries} entries, chain intact, head ${report.headHash}`);
    for (const { what, found } of report.disagreements) console.error(`DISAGREEMENT: ${found} ${what}`);
    if (report.disagreements.length > 0) process.exitCode = 1;
    else console.log("casts, usage and ledger agree to the micro");
  } finally {
    await db.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
