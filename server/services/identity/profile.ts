import { z } from "zod";

/** What we keep of what GitHub says of somebody; sizes are far above what GitHub allows. */
export const githubProfile = z.object({
  githubId: z.int().positive(),
  login: z.string().min(1).max(100),
  name: z.string().max(300).nullable(),
  /** Their primary address, verified by GitHub. */
  email: z.email().max(320),
});

export type GithubProfile = z.output<typeof githubProfile>;
