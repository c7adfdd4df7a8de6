import { destination as openDestination, pino, type DestinationStream, type Logger } from "pino";

/**
 * Stdout, to which the lines of one turn of the event loop go in one write. It is a blocking one: at the end of the
 * process, also by an error that nobody caught, each line is either written or still here to be written.
 */
function openStdout(): DestinationStream {
  const stdout = openDestination({ dest: 1, sync: true });
  let lines = "";
  const flush = () => {
    if (lines !== "") stdout.write(lines);
    lines = "";
  };
  process.on("exit", flush);
  return {
    write: (line) => {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}

/** A process has one stdout, however many loggers write to it. */
let stdout: DestinationStream | undefined;

/** Structured logs on stdout. What could hold a secret is cut wherever it stands. */
export const createLogger = (level: string, role: string): Logger =>
  pino(
    {
      level,
      base: { role },
      redact: {
        paths: [
          "*.authorization",
          "*.cookie",
          "*.api_key",
          "*.password",
          "err.parameters",
          "err.query",
          "err.args",
          "*.params",
        ],
        censor: "[cut]",
      },
    },
    (stdout ??= openStdout()),
  );
