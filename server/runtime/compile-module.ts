import { LRUCache } from "lru-cache";

/** Compiled modules by the digest of their prepared bytes. Threads share the compiled code. */
export interface ModuleCache {
  /** Compiles on the first call for a digest; calls that come meanwhile wait for the same compilation. */
  get(digest: string, load: () => Promise<Uint8Array>): Promise<WebAssembly.Module>;
}

/** V8 keeps native code of some ten times the module's size beside it. */
const CODE_PER_BYTE = 10;

/** A cache whose modules, with their code, are estimated to take at most `maxBytes`; the least used leave first. */
export function createModuleCache({ maxBytes }: { readonly maxBytes: number }): ModuleCache {
  const compiled = new LRUCache<string, { module: WebAssembly.Module; bytes: number }>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes }) => Math.max(bytes * CODE_PER_BYTE, 1),
  });
  const underWay = new Map<string, Promise<WebAssembly.Module>>();

  const compile = async (digest: string, load: () => Promise<Uint8Array>): Promise<WebAssembly.Module> => {
    try {
      const bytes = await load();
      // A copy: the driver's buffers are views of larger ones, which the compiler's type does not take.
      const module = await WebAssembly.compile(Uint8Array.from(bytes));
      compiled.set(digest, { module, bytes: bytes.length });
      return module;
    } finally {
      underWay.delete(digest);
    }
  };

  return {
    get: (digest, load) => {
      const known = compiled.get(digest);
      if (known !== undefined) return Promise.resolve(known.module);
      const waiting = underWay.get(digest) ?? compile(digest, load);
      underWay.set(digest, waiting);
      return waiting;
    },
  };
}
