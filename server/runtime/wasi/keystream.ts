import { createCipheriv, type Cipheriv } from "node:crypto";

/** Fills `target` with the next bytes of the seed's keystream. */
export type Keystream = (target: Uint8Array) => void;

const CHUNK = new Uint8Array(65_536);

/** AES-256-CTR over zeros from counter 0: the same 32 bytes of seed give the same bytes anywhere. */
export function createKeystream(seed: Uint8Array): Keystream {
  // Made when it is first asked for: most programs never do.
  let cipher: Cipheriv | null = null;
  return (target) => {
    cipher ??= createCipheriv("aes-256-ctr", seed, new Uint8Array(16));
    for (let at = 0; at < target.length; at += CHUNK.length) {
      const length = Math.min(CHUNK.length, target.length - at);
      target.set(cipher.update(CHUNK.subarray(0, length)), at);
    }
  };
}
