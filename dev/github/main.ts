/** The emulator as a process of the local stack. */
import { z } from "zod";
import { startGithub } from "./start.ts";

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  GITHUB_CLIENT_ID: z.string().min(1),
  GITHUB_CLIENT_SECRET: z.string().min(1),
  /** With spaces between them. */
  GITHUB_REDIRECT_URIS: z
    .string()
    .transform((text) => text.split(" "))
    .pipe(z.tuple([z.url()], z.url())),
});

/** A start that makes no sense; the message is for people. */
class Refused extends Error {
  override readonly name = "Refused";
}

async function main(): Promise<void> {
  if (process.env.NODE_ENV === "production")
    throw new Refused("The GitHub emulator lets anybody in as anybody: it does not run in production.");
  const parsed = environment.safeParse(process.env);
  if (!parsed.success)
    throw new Refused(
      `The environment is not usable: ${parsed.error.issues.map(({ path }) => path.join(".")).join(", ")}`,
    );
  const { PORT, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_REDIRECT_URIS } = parsed.data;
  const application = {
    clientId: GITHUB_CLIENT_ID,
    clientSecret: GITHUB_CLIENT_SECRET,
    redirectUris: GITHUB_REDIRECT_URIS,
  };
  const { port } = await startGithub({ application, port: PORT });
  for (const event of ["SIGTERM", "SIGINT", "disconnect"]) process.once(event, () => process.exit(0));
  process.send?.({ ready: true, port });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Refused ? error.message : error);
  process.exit(1);
}
