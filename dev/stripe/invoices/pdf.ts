/** A PDF of one page and plain lines. Its font knows Latin letters alone: others become question marks. */

const LINE_HEIGHT = 16;
const TOP = 800;
const MARGIN = 50;
const LINES_ON_PAGE = 46;

const escaped = (line: string): string =>
  line.replace(/[^\x20-\x7e]/g, "?").replace(/[\\()]/g, (character) => `\\${character}`);

const contentOf = (lines: readonly string[]): string =>
  `BT /F1 11 Tf ${LINE_HEIGHT} TL ${MARGIN} ${TOP} Td\n` +
  lines
    .slice(0, LINES_ON_PAGE)
    .map((line) => `(${escaped(line)}) Tj T*\n`)
    .join("") +
  "ET";

/** The bytes of a document with these lines. */
export function makePdf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  const content = contentOf(lines);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(text);
}
