/** What calls into the host cost, and the program's fuel as the host sees it. */

/** Fuel of schedule 2: of any call, of each vector or entry it goes through, and how many bytes one unit moves. */
const CALL = 500;
const ITEM = 50;
const BYTES_PER_UNIT = 8;

/**
 * The fuel global of an instance. The host never throws into a program, which could catch it: it drives the fuel below
 * zero, and the program stops itself at the check behind the call.
 */
export class HostFuel {
  #global: WebAssembly.Global<"i64"> | null = null;

  bind(global: WebAssembly.Global<"i64">): void {
    this.#global = global;
  }

  /** Before a start function of the engine's own there is none, and nothing may run. */
  get left(): number {
    return this.#global === null ? 0 : Number(this.#global.value);
  }

  set left(fuel: number) {
    if (this.#global !== null) this.#global.value = BigInt(fuel);
  }

  /** Takes the price of what a call is about to do. False: there is not enough, and it must not be done. */
  pay(items: number, bytes: number): boolean {
    const rest = this.left - items * ITEM - Math.ceil(bytes / BYTES_PER_UNIT);
    this.left = rest < 0 ? -1 : rest;
    return rest >= 0;
  }

  payForCall(): boolean {
    const rest = this.left - CALL;
    this.left = rest < 0 ? -1 : rest;
    return rest >= 0;
  }
}
