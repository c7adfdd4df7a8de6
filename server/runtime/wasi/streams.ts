/** stdin, stdout and stderr of one run. */

export interface StreamLimits {
  readonly outputBytes: number;
  readonly logBytes: number;
}

const FIRST_CAPACITY = 1_024;

/** Bytes that grow up to a limit: however small the pieces, they take no more room than their sum. */
class Sink {
  readonly limit: number;
  length = 0;
  #bytes = new Uint8Array();

  constructor(limit: number) {
    this.limit = limit;
  }

  append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(
        Math.min(Math.max(length, this.#bytes.length * 2, FIRST_CAPACITY), this.limit),
      );
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length = length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

/** Bytes in, bytes out, with the run's limits. */
export class Streams {
  readonly #input: Uint8Array;
  readonly #output: Sink;
  readonly #log: Sink;
  #read = 0;

  constructor(input: Uint8Array, limits: StreamLimits) {
    this.#input = input;
    this.#output = new Sink(limits.outputBytes);
    this.#log = new Sink(limits.logBytes);
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
    if (this.#output.length + bytes.length > this.#output.limit) return false;
    this.#output.append(bytes);
    return true;
  }

  /** Appends to the log what still fits of it; the rest is dropped without a word to the program. */
  writeLog(bytes: Uint8Array): void {
    this.#log.append(bytes.subarray(0, this.#log.limit - this.#log.length));
  }

  get output(): Uint8Array {
    return this.#output.bytes;
  }

  get log(): Uint8Array {
    return this.#log.bytes;
  }
}
