import { randomBytes } from "node:crypto";
import { portAsBefore } from "./choose-port.ts";
import type { Secrets } from "./secrets.ts";

type Remembered = NonNullable<Secrets["stripe"]>;

const make = () => randomBytes(24).toString("hex");

/** Where the Stripe emulator of a folder is and by what it is talked to: the same as before, or new the first time. */
export async function chooseStripe(before: Secrets["stripe"]): Promise<Remembered> {
  return {
    secret_key: before?.secret_key ?? `sk_test_${make()}`,
    publishable_key: before?.publishable_key ?? `pk_test_${make()}`,
    webhook_secret: before?.webhook_secret ?? `whsec_${make()}`,
    port: await portAsBefore(before?.port),
  };
}
