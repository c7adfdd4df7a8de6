/** `make webhooks [REPLAY=evt_...|all]`: on the running stack, or on DATABASE_URL. */
import { readStackFile } from "./stack/stack-file.ts";

try {
  process.env["DATABASE_URL"] ??= (await readStackFile()).database_url;
  await import("../jobs/replay-events.ts");
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
