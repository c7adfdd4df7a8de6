/* Box blur of an image in 32-bit floats, four at a time. */
#include <wasm_simd128.h>
static float image[512 * 512], blurred[512 * 512];

int kernel(int rounds) {
  for (int i = 0; i < 512 * 512; i++) image[i] = (float)(i * 7 % 256);
  v128_t ninth = wasm_f32x4_splat(1.0f / 9.0f);
  for (int r = 0; r < rounds; r++) {
    for (int y = 1; y < 511; y++) {
      for (int x = 1; x < 507; x += 4) {
        v128_t sum = wasm_f32x4_splat(0);
        for (int dy = -1; dy <= 1; dy++)
          for (int dx = -1; dx <= 1; dx++)
            sum = wasm_f32x4_add(sum, wasm_v128_load(&image[(y + dy) * 512 + x + dx]));
        wasm_v128_store(&blurred[y * 512 + x], wasm_f32x4_mul(sum, ninth));
      }
    }
    for (int i = 0; i < 512 * 512; i += 4) wasm_v128_store(&image[i], wasm_v128_load(&blurred[i]));
  }
  return (int)image[256 * 512 + 256];
}
