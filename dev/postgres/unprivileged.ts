/** PostgreSQL refuses to run as root. How a command is run instead, without making a user or giving files away. */
import { execFileSync } from "node:child_process";
import { chownSync } from "node:fs";

/** What stands before the command's own words: a program and its arguments, or nothing. */
type CommandPrefix = readonly [file: string, ...args: string[]] | null;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** What the command must be able to reach as whoever it runs. */
export interface Reach {
  readonly binary: string;
  readonly dataDir: string;
}

function works(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const idOf = (user: string, flag: "-u" | "-g"): number =>
  Number(execFileSync("id", [flag, user], { encoding: "utf8" }));

/** A user namespace in which root is called nobody: files stay root's, and its closed home stays reachable. */
function namespacePrefix(): CommandPrefix {
  const args = ["--user", `--map-user=${idOf("nobody", "-u")}`, `--map-group=${idOf("nobody", "-g")}`];
  return works("unshare", [...args, "true"]) ? ["unshare", ...args] : null;
}

/** Where namespaces are forbidden, as in some containers: really as nobody, who then owns the data. */
function nobodyPrefix({ binary, dataDir }: Reach): CommandPrefix {
  const [uid, gid] = [idOf("nobody", "-u"), idOf("nobody", "-g")];
  const args = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  chownSync(dataDir, uid, gid);
  const canReach = works("setpriv", [...args, "test", "-x", binary, "-a", "-w", dataDir]);
  if (!canReach) {
    throw new Error(
      `PostgreSQL cannot run as root, and the user nobody cannot reach ${binary} or ${dataDir}. ` +
        "Run this as a normal user, or from a folder that others may enter.",
    );
  }
  return ["setpriv", ...args];
}

/** The command as it must be run here: as it is by everybody but root. */
export function unprivileged(file: string, args: readonly string[], reach: Reach): Command {
  const prefix = process.getuid?.() === 0 ? (namespacePrefix() ?? nobodyPrefix(reach)) : null;
  if (prefix === null) return { file, args };
  const [first, ...rest] = prefix;
  return { file: first, args: [...rest, file, ...args] };
}
