/** Reads a QR code from the SVG that draws it, as a scanner would: pixels first, then somebody else's decoder. */
import jsqr from "jsqr";

/** The package is CommonJS: under Node the function is one step further in than its types say. */
const decode = typeof jsqr === "function" ? jsqr : (jsqr as { default: typeof jsqr }).default;

/** Modules, true where dark, of the whole drawing with its quiet zone. */
export type Grid = boolean[][];

const QUIET_ZONE = 4;
const PIXELS_PER_MODULE = 4;

/** Draws the path of the SVG: each piece is a run of modules, one high. @throws Error for anything else */
export function gridOf(svg: string): Grid {
  const [, width, height, path] =
    /^<svg [^>]*viewBox="0 0 (\d+) (\d+)".*<path fill="#fff" d="M0 0h\d+v\d+H0z"\/><path d="([^"]*)"\/><\/svg>$/.exec(
      svg,
    ) ?? [];
  if (width === undefined || width !== height || path === undefined)
    throw new Error("not the SVG of a QR code");
  const size = Number(width);
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const rest = path.replace(
    /M(\d+) (\d+)h(\d+)v1h-(\d+)z/g,
    (piece, x: string, y: string, run: string, back: string) => {
      if (run !== back) throw new Error(`${piece} does not close`);
      for (let i = 0; i < Number(run); i += 1) {
        const row = grid[Number(y)];
        if (row?.[Number(x) + i] !== false) throw new Error(`${piece} leaves the drawing or overlaps`);
        row[Number(x) + i] = true;
      }
      return "";
    },
  );
  if (rest !== "") throw new Error(`unknown in the path: ${rest.slice(0, 40)}`);
  return grid;
}

export interface ReadCode {
  readonly version: number;
  readonly text: string;
}

/** What a scanner reads, or null. */
export function readCode(grid: Grid): ReadCode | null {
  const size = grid.length * PIXELS_PER_MODULE;
  const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
  for (let y = 0; y < size; y += 1) {
    const row = grid[Math.floor(y / PIXELS_PER_MODULE)] ?? [];
    for (let x = 0; x < size; x += 1)
      if (row[Math.floor(x / PIXELS_PER_MODULE)] === true)
        pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3);
  }
  const code = decode(pixels, size, size, { inversionAttempts: "dontInvert" });
  return code && { version: code.version, text: Buffer.from(code.binaryData).toString() };
}

/** The module at a place of the code itself, without its quiet zone. */
export const moduleAt = (grid: Grid, x: number, y: number): boolean =>
  grid[y + QUIET_ZONE]?.[x + QUIET_ZONE] === true;

/** The error correction that the format information states: its first two bits, under the standard's mask 10. */
export function levelOf(grid: Grid): string {
  const bits = (moduleAt(grid, 0, 8) ? 0 : 2) + (moduleAt(grid, 1, 8) ? 1 : 0);
  return "MLHQ".charAt(bits);
}

/** Is there nothing dark in the four modules around the code? */
export const isQuietAround = (grid: Grid): boolean =>
  grid.every((row, y) =>
    row.every((isDark, x) => {
      const isInside = [x, y].every((at) => at >= QUIET_ZONE && at < grid.length - QUIET_ZONE);
      return isInside || !isDark;
    }),
  );
