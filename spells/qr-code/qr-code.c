/* Draws a text as a QR code (ISO/IEC 18004), byte mode, as an SVG of one path. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "shared/json_text.h"

#define MAX_VERSION 40
#define MAX_SIZE 177
#define MAX_CODEWORDS 3706
#define MAX_ECC 30
#define QUIET_ZONE 4

typedef enum { ECC_L, ECC_M, ECC_Q, ECC_H } ecc_level;

/* The standard's table 9: error correction codewords in each block, and blocks, by level and version. */
static const uint8_t ECC_PER_BLOCK[4][MAX_VERSION] = {
    {7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
     28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
     26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
    {13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
     28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
     30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
};
static const uint8_t BLOCKS[4][MAX_VERSION] = {
    {1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
     8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
    {1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
     17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
    {1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
     23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
    {1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
     25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
};
/* The level's two bits in the format information. */
static const uint8_t LEVEL_BITS[4] = {1, 0, 3, 2};

static int version, size;
static uint8_t data[MAX_CODEWORDS], codewords[MAX_CODEWORDS];
static bool dark[MAX_SIZE][MAX_SIZE], fixed[MAX_SIZE][MAX_SIZE];

/* Modules that are left for codewords once all patterns are drawn. */
static int raw_modules(int v) {
  int modules = (16 * v + 128) * v + 64;
  if (v >= 2) {
    int alignments = v / 7 + 2;
    modules -= (25 * alignments - 10) * alignments - 55;
    if (v >= 7) modules -= 36;
  }
  return modules;
}

static int data_codewords(int v, ecc_level level) {
  return raw_modules(v) / 8 - ECC_PER_BLOCK[level][v - 1] * BLOCKS[level][v - 1];
}

static int length_bits(int v) { return v < 10 ? 8 : 16; }

static void put_bits(int *at, uint32_t value, int count) {
  for (int i = count - 1; i >= 0; i--, (*at)++) data[*at / 8] |= (uint8_t)((value >> i & 1) << (7 - *at % 8));
}

/* Mode, length, bytes, terminator and padding. */
static void encode(json_text text, int capacity) {
  int at = 0;
  put_bits(&at, 4, 4);
  put_bits(&at, (uint32_t)text.length, length_bits(version));
  for (size_t i = 0; i < text.length; i++) put_bits(&at, (unsigned char)text.bytes[i], 8);
  int room = capacity * 8 - at;
  at += room < 4 ? room : 4;
  at = (at + 7) / 8 * 8;
  for (uint8_t pad = 0xec; at < capacity * 8; pad ^= 0xec ^ 0x11) put_bits(&at, pad, 8);
}

/* Product in GF(256) with the standard's polynomial 0x11d. */
static uint8_t multiply(uint8_t x, uint8_t y) {
  int product = 0;
  for (int i = 7; i >= 0; i--) product = (product << 1 ^ (product >> 7) * 0x11d) ^ (y >> i & 1) * x;
  return (uint8_t)product;
}

/* The generator polynomial of `degree`, without its leading 1, highest power first. */
static void make_generator(uint8_t *generator, int degree) {
  memset(generator, 0, (size_t)degree);
  generator[degree - 1] = 1;
  uint8_t root = 1;
  for (int i = 0; i < degree; i++, root = multiply(root, 2)) {
    for (int j = 0; j < degree; j++) {
      generator[j] = multiply(generator[j], root);
      if (j + 1 < degree) generator[j] ^= generator[j + 1];
    }
  }
}

static void correct(const uint8_t *block, int length, const uint8_t *generator, int degree, uint8_t *remainder) {
  memset(remainder, 0, (size_t)degree);
  for (int i = 0; i < length; i++) {
    uint8_t factor = block[i] ^ remainder[0];
    memmove(remainder, remainder + 1, (size_t)degree - 1);
    remainder[degree - 1] = 0;
    for (int j = 0; j < degree; j++) remainder[j] ^= multiply(generator[j], factor);
  }
}

/* Splits the data into blocks, adds their error correction, and interleaves all. The first blocks are the short ones. */
static int interleave(ecc_level level) {
  int blocks = BLOCKS[level][version - 1], degree = ECC_PER_BLOCK[level][version - 1];
  int total = raw_modules(version) / 8;
  int short_blocks = blocks - total % blocks, short_length = total / blocks - degree;
  uint8_t generator[MAX_ECC], remainder[MAX_ECC];
  make_generator(generator, degree);
  const uint8_t *block = data;
  for (int b = 0; b < blocks; b++) {
    bool is_short = b < short_blocks;
    int length = short_length + (is_short ? 0 : 1);
    correct(block, length, generator, degree, remainder);
    for (int i = 0; i < short_length; i++) codewords[i * blocks + b] = block[i];
    if (!is_short) codewords[short_length * blocks + b - short_blocks] = block[short_length];
    int after = short_length * blocks + blocks - short_blocks;
    for (int i = 0; i < degree; i++) codewords[after + i * blocks + b] = remainder[i];
    block += length;
  }
  return total;
}

static void set(int x, int y, bool is_dark) {
  dark[y][x] = is_dark;
  fixed[y][x] = true;
}

static int largest(int a, int b) { return a > b ? a : b; }
static int magnitude(int a) { return a < 0 ? -a : a; }

static void draw_finder(int cx, int cy) {
  for (int dy = -4; dy <= 4; dy++) {
    for (int dx = -4; dx <= 4; dx++) {
      int x = cx + dx, y = cy + dy, ring = largest(magnitude(dx), magnitude(dy));
      if (x >= 0 && x < size && y >= 0 && y < size) set(x, y, ring != 2 && ring != 4);
    }
  }
}

static void draw_alignments(void) {
  int places[7], count = version == 1 ? 0 : version / 7 + 2;
  int step = version == 32 ? 26 : count == 0 ? 0 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
  for (int i = count - 1, at = size - 7; i > 0; i--, at -= step) places[i] = at;
  if (count > 0) places[0] = 6;
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < count; j++) {
      bool is_finder = (i == 0 && j == 0) || (i == 0 && j == count - 1) || (i == count - 1 && j == 0);
      for (int dy = -2; dy <= 2 && !is_finder; dy++) {
        for (int dx = -2; dx <= 2; dx++) {
          set(places[i] + dx, places[j] + dy, largest(magnitude(dx), magnitude(dy)) != 1);
        }
      }
    }
  }
}

static void draw_format(ecc_level level, int mask) {
  int value = LEVEL_BITS[level] << 3 | mask, rest = value;
  for (int i = 0; i < 10; i++) rest = rest << 1 ^ (rest >> 9) * 0x537;
  int bits = (value << 10 | rest) ^ 0x5412;
  for (int i = 0; i < 15; i++) {
    bool bit = bits >> i & 1;
    /* Around the first finder, past the timing pattern at 6; and once more, shared between the other two. */
    if (i < 6) set(8, i, bit);
    else if (i < 8) set(8, i + 1, bit);
    else if (i == 8) set(7, 8, bit);
    else set(14 - i, 8, bit);
    if (i < 8) set(size - 1 - i, 8, bit);
    else set(8, size - 15 + i, bit);
  }
  set(8, size - 8, true);
}

static void draw_version(void) {
  if (version < 7) return;
  int rest = version;
  for (int i = 0; i < 12; i++) rest = rest << 1 ^ (rest >> 11) * 0x1f25;
  int32_t bits = (int32_t)version << 12 | rest;
  for (int i = 0; i < 18; i++) {
    bool bit = bits >> i & 1;
    set(size - 11 + i % 3, i / 3, bit);
    set(i / 3, size - 11 + i % 3, bit);
  }
}

static void draw_patterns(ecc_level level) {
  for (int i = 0; i < size; i++) set(6, i, i % 2 == 0), set(i, 6, i % 2 == 0);
  draw_finder(3, 3), draw_finder(size - 4, 3), draw_finder(3, size - 4);
  draw_alignments();
  draw_format(level, 0);
  draw_version();
}

/* Codewords go up and down in columns of two from the right, past the vertical timing pattern. */
static void draw_codewords(int total) {
  int at = 0;
  for (int right = size - 1; right >= 1; right -= 2) {
    if (right == 6) right = 5;
    for (int step = 0; step < size; step++) {
      bool is_upward = ((right + 1) & 2) == 0;
      int y = is_upward ? size - 1 - step : step;
      for (int x = right; x > right - 2; x--) {
        if (fixed[y][x] || at >= total * 8) continue;
        dark[y][x] = codewords[at / 8] >> (7 - at % 8) & 1;
        at++;
      }
    }
  }
}

static bool is_masked(int mask, int x, int y) {
  switch (mask) {
    case 0: return (x + y) % 2 == 0;
    case 1: return y % 2 == 0;
    case 2: return x % 3 == 0;
    case 3: return (x + y) % 3 == 0;
    case 4: return (x / 3 + y / 2) % 2 == 0;
    case 5: return x * y % 2 + x * y % 3 == 0;
    case 6: return (x * y % 2 + x * y % 3) % 2 == 0;
    default: return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

/* Masks twice is not at all. */
static void apply_mask(int mask) {
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) dark[y][x] ^= !fixed[y][x] && is_masked(mask, x, y);
  }
}

static bool module_at(bool is_row, int line, int i) { return is_row ? dark[line][i] : dark[i][line]; }

/* Rules 1 and 3 for one row or column: long runs, and what looks like a finder with its quiet side. */
static int line_penalty(bool is_row, int line) {
  static const uint16_t LIKE_FINDER[2] = {0x5d0, 0x05d};
  int penalty = 0, run = 0, recent = 0;
  for (int i = 0; i < size; i++) {
    bool is_dark = module_at(is_row, line, i);
    run = i > 0 && is_dark == module_at(is_row, line, i - 1) ? run + 1 : 1;
    if (run == 5) penalty += 3;
    else if (run > 5) penalty += 1;
    recent = (recent << 1 | is_dark) & 0x7ff;
    if (i >= 10 && (recent == LIKE_FINDER[0] || recent == LIKE_FINDER[1])) penalty += 40;
  }
  return penalty;
}

static int penalty(void) {
  int sum = 0, darks = 0;
  for (int line = 0; line < size; line++) sum += line_penalty(true, line) + line_penalty(false, line);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      darks += dark[y][x];
      bool is_block = x > 0 && y > 0 && dark[y][x] == dark[y][x - 1] && dark[y][x] == dark[y - 1][x] &&
                      dark[y][x] == dark[y - 1][x - 1];
      if (is_block) sum += 3;
    }
  }
  int percent_off = magnitude(darks * 100 / (size * size) - 50);
  return sum + percent_off / 5 * 10;
}

static void choose_mask(ecc_level level) {
  int best = 0, least = INT32_MAX;
  for (int mask = 0; mask < 8; mask++) {
    draw_format(level, mask);
    apply_mask(mask);
    int score = penalty();
    if (score < least) least = score, best = mask;
    apply_mask(mask);
  }
  draw_format(level, best);
  apply_mask(best);
}

static void write_svg(void) {
  char piece[256];
  int whole = size + 2 * QUIET_ZONE;
  int length = snprintf(piece, sizeof piece,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                        "shape-rendering=\"crispEdges\"><title>QR code</title>"
                        "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
                        whole, whole, whole, whole);
  write_all(piece, (size_t)length);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      if (!dark[y][x]) continue;
      int start = x;
      while (x + 1 < size && dark[y][x + 1]) x++;
      int run = x - start + 1;
      length = snprintf(piece, sizeof piece, "M%d %dh%dv1h-%dz", start + QUIET_ZONE, y + QUIET_ZONE, run, run);
      write_all(piece, (size_t)length);
    }
  }
  write_all("\"/></svg>", 9);
}

static ecc_level read_level(json_text ecc) {
  if (ecc.bytes == NULL) return ECC_M;
  static const char LETTERS[4] = {'L', 'M', 'Q', 'H'};
  const char *at = ecc.length == 1 ? memchr(LETTERS, ecc.bytes[0], sizeof LETTERS) : NULL;
  if (at == NULL) fail("ecc must be L, M, Q or H");
  return (ecc_level)(at - LETTERS);
}

int main(void) {
  json_text text = {NULL, 0}, ecc = {NULL, 0};
  read_members(read_stdin(), (json_member[]){{"text", &text}, {"ecc", &ecc}}, 2);
  if (text.bytes == NULL || text.length == 0) fail("the payload has no text");
  ecc_level level = read_level(ecc);

  for (version = 1; version <= MAX_VERSION; version++) {
    int bits = 4 + length_bits(version) + (int)text.length * 8;
    if (text.length < 4096 && bits <= data_codewords(version, level) * 8) break;
  }
  if (version > MAX_VERSION) fail("the text is too long for a QR code of this error correction");
  size = version * 4 + 17;
  encode(text, data_codewords(version, level));
  int total = interleave(level);
  draw_patterns(level);
  draw_codewords(total);
  choose_mask(level);
  write_svg();
  return 0;
}
