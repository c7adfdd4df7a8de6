/** stdin, stdout and stderr of one run. */

export interface StreamLimits {
  readonly outputBytes: number;
  readonly logBytes: number;
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Bytes in, bytes out, with the run's limits. */
export class Streams {
  readonly #input: Uint8Array;
  readonly #limits: StreamLimits;
  #read = 0;
  readonly #output: Uint8Array[] = [];
  #outputLength = 0;
  readonly #log: Uint8Array[] = [];
  #logLength = 0;

  constructor(input: Uint8Array, limits: StreamLimits) {
    this.#input = input;
    this.#limits = limits;
  }

  /** Copies what is left of stdin into `target`; returns how much, 0 at the end. */
  read(target: Uint8Array): number {
    const piece = this.#input.subarray(this.#read, this.#read + target.length);
    target.set(piece);
    this.#read += piece.length;
    return piece.length;
  }

  /** Appends to stdout. False: the limit is passed, and nothing was appended. */
  write(bytes: Uint8Array): boolean {
    if (this.#outputLength + bytes.length > this.#limits.outputBytes) return false;
    if (bytes.length > 0) this.#output.push(bytes.slice());
    this.#outputLength += bytes.length;
    return true;
  }

  /** Appends to the log what still fits of it; the rest is dropped without a word to the program. */
  writeLog(bytes: Uint8Array): void {
    const piece = bytes.slice(0, this.#limits.logBytes - this.#logLength);
    if (piece.length > 0) this.#log.push(piece);
    this.#logLength += piece.length;
  }

  get output(): Uint8Array {
    return concat(this.#output, this.#outputLength);
  }

  get log(): Uint8Array {
    return concat(this.#log, this.#logLength);
  }
}
