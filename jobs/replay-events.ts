/**
 * `node jobs/replay-events.ts`: lists the events of Stripe's that were given up. With an event's id, or `all`, it has the
 * workers handle them again. It needs DATABASE_URL and nothing else.
 */
import { BadConfiguration, readDatabaseUrl } from "../server/config.ts";
import { connect, type Database } from "../server/db/connect.ts";
import { listDeadLetters, replayEvents } from "../server/services/billing/events/dead-letters.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function list(db: Database): Promise<void> {
  const letters = await listDeadLetters(db);
  for (const { id, type, receivedAt, failure } of letters)
    say(`${id}  ${type}  ${receivedAt.toISOString()}  ${failure ?? "its job was lost"}`);
  if (letters.length === 0) say("No event was given up.");
}

async function replay(db: Database, wanted: string): Promise<void> {
  const ids = await replayEvents(db, wanted);
  for (const id of ids) say(`${id} is in the queue again.`);
  if (ids.length > 0) return;
  say(wanted === "all" ? "No event was given up." : `There is no event ${wanted}.`);
  if (wanted !== "all") process.exitCode = 1;
}

try {
  const db = connect({ url: readDatabaseUrl(), poolSize: 1, applicationName: "spell-replay-events" });
  const wanted = process.argv[2] ?? "";
  try {
    await (wanted === "" ? list(db) : replay(db, wanted));
  } finally {
    await db.close();
  }
} catch (error) {
  const isOurs = error instanceof BadConfiguration;
  process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
