import { pino, type Logger } from "pino";

/** Structured logs on stdout. What could hold a secret is cut wherever it stands. */
export const createLogger = (level: string, role: string): Logger =>
  pino({
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
  });
