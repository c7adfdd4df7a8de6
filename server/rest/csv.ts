/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. */

export type Cell = string | number | null;

/**
 * A spreadsheet runs a text that begins like a formula, whoever wrote it. An apostrophe before it makes it a text; numbers
 * are ours and stay numbers.
 */
const inert = (text: string): string =>
  /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;

function field(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = inert(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The columns in the order given, a header line first. A member that a row lacks is an empty field. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? null)).join(","));
  return [columns.map(field).join(","), ...lines].map((line) => `${line}\r\n`).join("");
}
