/** Reads the scripts of the official test-suite (.wast): nested lists of words and texts, with their places. */

export interface List {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly start: number;
  readonly end: number;
}

export interface Atom {
  readonly kind: "word" | "text";
  /** Of a text: its bytes, one character each. */
  readonly value: string;
}

export type Expression = List | Atom;

const TOKEN = /;;[^\n]*|\(;|[()]|"(?:[^"\\]|\\[^])*"|[^\s()";]+|\s+|;/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "'": "'",
  "\\": "\\",
};

/** The bytes a text literal stands for, as a latin-1 string. */
function unescape(literal: string): string {
  const plain = Buffer.from(literal.slice(1, -1)).toString("latin1");
  return plain.replace(
    /\\(u\{([0-9a-fA-F_]+)\}|[0-9a-fA-F]{2}|.)/gs,
    (_all, escape: string, code?: string) => {
      if (code !== undefined) {
        return Buffer.from(String.fromCodePoint(Number.parseInt(code.replaceAll("_", ""), 16))).toString(
          "latin1",
        );
      }
      return ESCAPES[escape] ?? String.fromCharCode(Number.parseInt(escape, 16));
    },
  );
}

/** Skips a block comment, which may hold others; gives the place behind it. */
function skipBlockComment(source: string, from: number): number {
  let depth = 1;
  let at = from;
  while (depth > 0) {
    const next = /\(;|;\)/g;
    next.lastIndex = at;
    const found = next.exec(source);
    if (found === null) throw new Error("a comment does not end");
    depth += found[0] === "(;" ? 1 : -1;
    at = next.lastIndex;
  }
  return at;
}

/** All top-level lists of a script. */
export function readScript(source: string): List[] {
  const top: List[] = [];
  const open: { items: Expression[]; start: number }[] = [];
  const add = (expression: Expression) => {
    const around = open[open.length - 1];
    if (around !== undefined) around.items.push(expression);
    else if (expression.kind === "list") top.push(expression);
  };
  for (let at = 0; at < source.length;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(source)?.[0];
    if (token === undefined) throw new Error(`cannot read at ${at}: ${source.slice(at, at + 20)}`);
    const start = at;
    at += token.length;
    if (token === "(;") at = skipBlockComment(source, at);
    else if (token === "(") open.push({ items: [], start });
    else if (token === ")") {
      const closed = open.pop();
      if (closed === undefined) throw new Error(`unbalanced at ${at}`);
      add({ kind: "list", items: closed.items, start: closed.start, end: at });
    } else if (token.startsWith('"')) add({ kind: "text", value: unescape(token) });
    else if (!token.startsWith(";") && token.trim() !== "") add({ kind: "word", value: token });
  }
  return top;
}

export const wordOf = (expression: Expression | undefined): string =>
  expression?.kind === "word" ? expression.value : "";
export const headOf = (list: List): string => wordOf(list.items[0]);
export const listsIn = (list: List): List[] => list.items.filter((item) => item.kind === "list");
