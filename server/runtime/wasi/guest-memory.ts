/** The program's memory as host functions see it: every access is checked before it is made. */

/** Raised never as an exception: functions answer `errno.fault` when `fits` is false. */
export class GuestMemory {
  #memory: WebAssembly.Memory | null = null;
  #view = new DataView(new ArrayBuffer(0));

  /** The memory exists only once the instance does; before, as in a start function, nothing fits. */
  bind(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** A view of the memory as it is now: growing replaces the buffer. */
  get view(): DataView {
    if (this.#memory !== null && this.#view.buffer !== this.#memory.buffer) {
      this.#view = new DataView(this.#memory.buffer);
    }
    return this.#view;
  }

  fits(pointer: number, length: number): boolean {
    return (pointer >>> 0) + (length >>> 0) <= this.view.byteLength;
  }

  /** Bytes in place; the caller checked `fits`. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.view.buffer, pointer >>> 0, length >>> 0);
  }

  u32(pointer: number): number {
    return this.view.getUint32(pointer >>> 0, true);
  }

  setU32(pointer: number, value: number): void {
    this.view.setUint32(pointer >>> 0, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    this.view.setBigUint64(pointer >>> 0, value, true);
  }
}
