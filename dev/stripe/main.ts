/** The emulator as a process of the local stack. */
import { z } from "zod";
import { startStripeEmulator } from "./start.ts";

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  STATE_FILE: z.string().min(1),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_PUBLISHABLE_KEY: z.string().min(1),
  /** Nothing is sent where it is missing. */
  WEBHOOK_URL: z.url().optional(),
  WEBHOOK_SECRET: z.string().min(1),
  /** Separated by blanks; all where it is missing. */
  WEBHOOK_TYPES: z
    .string()
    .transform((names) => names.split(" "))
    .optional(),
  WEBHOOK_RETRY_MS: z.coerce.number().int().min(1).default(1_000),
  AFTER_LAST_ATTEMPT: z.enum(["open", "uncollectible"]).default("open"),
});

/** A start that makes no sense; the message is for people. */
class Refused extends Error {
  override readonly name = "Refused";
}

async function main(): Promise<void> {
  if (process.env.NODE_ENV === "production")
    throw new Refused("The Stripe emulator moves no money: it does not run in production.");
  const parsed = environment.safeParse(process.env);
  if (!parsed.success)
    throw new Refused(
      `The environment is not usable: ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`,
    );
  const { data } = parsed;
  const emulator = await startStripeEmulator({
    port: data.PORT,
    stateFile: data.STATE_FILE,
    secretKey: data.STRIPE_SECRET_KEY,
    publishableKey: data.STRIPE_PUBLISHABLE_KEY,
    webhookUrl: data.WEBHOOK_URL ?? null,
    webhookSecret: data.WEBHOOK_SECRET,
    ...(data.WEBHOOK_TYPES && { webhookTypes: data.WEBHOOK_TYPES }),
    webhookRetryMs: data.WEBHOOK_RETRY_MS,
    afterLastAttempt: data.AFTER_LAST_ATTEMPT,
  });
  for (const event of ["SIGTERM", "SIGINT", "disconnect"])
    process.once(event, () => void emulator.end().finally(() => process.exit(0)));
  process.send?.({ ready: true, port: emulator.port });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Refused ? error.message : error);
  process.exit(1);
}
