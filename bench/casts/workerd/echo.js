// Runs echo.wasm for each request, on a fresh instance, with stdin and stdout and nothing else of WASI.
import echo from "echo.wasm";

function run(input) {
  let memory;
  let read = 0;
  const output = [];
  const vectorsOf = (pointer, count) => {
    const view = new DataView(memory.buffer);
    return Array.from({ length: count }, (_, i) => [
      view.getUint32(pointer + 8 * i, true),
      view.getUint32(pointer + 8 * i + 4, true),
    ]);
  };
  const say = (pointer, size) => {
    new DataView(memory.buffer).setUint32(pointer, size, true);
    return 0;
  };
  const instance = new WebAssembly.Instance(echo, {
    wasi_snapshot_preview1: {
      fd_read: (_fd, pointer, count, size) => {
        let moved = 0;
        for (const [at, length] of vectorsOf(pointer, count)) {
          const part = input.subarray(read, read + length);
          new Uint8Array(memory.buffer).set(part, at);
          read += part.length;
          moved += part.length;
        }
        return say(size, moved);
      },
      fd_write: (_fd, pointer, count, size) => {
        let moved = 0;
        for (const [at, length] of vectorsOf(pointer, count)) {
          output.push(new Uint8Array(memory.buffer).slice(at, at + length));
          moved += length;
        }
        return say(size, moved);
      },
    },
  });
  memory = instance.exports.memory;
  instance.exports._start();
  return output;
}

export default {
  async fetch(request) {
    const { spell_name: name, payload } = await request.json();
    const startedAt = Date.now();
    const output = run(new TextEncoder().encode(JSON.stringify(payload)));
    const text = output.map((part) => new TextDecoder().decode(part)).join("");
    return Response.json({
      id: crypto.randomUUID(),
      status: "COMPLETED",
      spell_name: name,
      version: "1.0.0",
      result: JSON.parse(text),
      error_code: null,
      cost_cents: 1,
      cost_micros: 10_000,
      fuel_used: null,
      duration_ms: Date.now() - startedAt,
      created_at: new Date().toISOString(),
    });
  },
};
