/*
 * Counts words, lines and characters of a text, and its ten most frequent words.
 *
 * A character is a Unicode code point. A line ends with a line feed or with the text. A word is a run of letters,
 * digits and marks, with apostrophes inside; an ideograph or a hiragana stands for itself, since those scripts put no
 * spaces between words. Words are counted in lower case (Latin, Greek and Cyrillic).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shared/json_text.h"

#define TOP 10

typedef struct {
  uint32_t start; /* in the arena */
  uint32_t length;
  uint32_t count; /* 0: the slot is free */
} entry;

typedef struct {
  uint32_t first, last;
} range;

/* Beyond ASCII: what is no part of a word. Punctuation, spaces, symbols, arrows, boxes, emoji. */
static const range GAPS[] = {
    {0x80, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb9},     {0xbb, 0xbf},     {0xd7, 0xd7},       {0xf7, 0xf7},
    {0x2000, 0x206f}, {0x20a0, 0x20cf}, {0x2190, 0x2bff}, {0x3000, 0x3004}, {0x3008, 0x3020},   {0x3030, 0x3030},
    {0x303d, 0x303f}, {0x30fb, 0x30fb}, {0xfe00, 0xfe6f}, {0xff01, 0xff0f}, {0xff1a, 0xff20},   {0xff3b, 0xff40},
    {0xff5b, 0xff65}, {0xfff0, 0xffff}, {0x1f000, 0x1faff},
};

/* Each of these is a word by itself. */
static const range SINGLES[] = {
    {0x3041, 0x309f}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3134f},
};

static entry *table;
static size_t slots, words_known;
static char *arena;
static size_t arena_used;

static bool within(const range *ranges, size_t count, uint32_t point) {
  for (size_t i = 0; i < count; i++) {
    if (point >= ranges[i].first && point <= ranges[i].last) return true;
  }
  return false;
}

static bool is_ascii_word(uint32_t p) {
  return (p >= '0' && p <= '9') || (p >= 'a' && p <= 'z') || (p >= 'A' && p <= 'Z') || p == '_';
}

static bool is_word(uint32_t p) {
  return p < 0x80 ? is_ascii_word(p) : !within(GAPS, sizeof GAPS / sizeof *GAPS, p);
}

static bool is_single(uint32_t p) { return p >= 0x3041 && within(SINGLES, sizeof SINGLES / sizeof *SINGLES, p); }
static bool is_apostrophe(uint32_t p) { return p == '\'' || p == 0x2019; }

static uint32_t lower(uint32_t p) {
  if (p >= 'A' && p <= 'Z') return p + 32;
  if (p < 0xc0) return p;
  if ((p <= 0xde && p != 0xd7) || (p >= 0x391 && p <= 0x3a9 && p != 0x3a2) || (p >= 0x410 && p <= 0x42f)) return p + 32;
  if (p == 0x178) return 0xff;
  if (p == 0x130 || p == 0x138 || p == 0x149 || p == 0x17f) return p;
  if ((p >= 0x100 && p <= 0x137) || (p >= 0x14a && p <= 0x177)) return p | 1;
  if ((p >= 0x139 && p <= 0x148) || (p >= 0x179 && p <= 0x17e)) return p % 2 == 1 ? p + 1 : p;
  if (p >= 0x400 && p <= 0x40f) return p + 80;
  if (p == 0x386) return 0x3ac;
  if (p >= 0x388 && p <= 0x38a) return p + 37;
  if (p == 0x38c) return 0x3cc;
  if (p == 0x38e || p == 0x38f) return p + 63;
  return p;
}

/* Reads one code point of UTF-8, which the payload's decoder has made valid. */
static uint32_t next_point(const unsigned char **at) {
  const unsigned char *p = *at;
  if (p[0] < 0x80) return *at = p + 1, p[0];
  if (p[0] < 0xe0) return *at = p + 2, (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
  if (p[0] < 0xf0) return *at = p + 3, (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
  *at = p + 4;
  return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 | (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

/* Lower case has the same number of bytes as upper in all that `lower` changes. */
static void put_point(uint32_t p) {
  char *out = arena + arena_used;
  if (p < 0x80) {
    out[0] = (char)p;
    arena_used += 1;
  } else if (p < 0x800) {
    out[0] = (char)(0xc0 | p >> 6);
    out[1] = (char)(0x80 | (p & 0x3f));
    arena_used += 2;
  } else if (p < 0x10000) {
    out[0] = (char)(0xe0 | p >> 12);
    out[1] = (char)(0x80 | (p >> 6 & 0x3f));
    out[2] = (char)(0x80 | (p & 0x3f));
    arena_used += 3;
  } else {
    out[0] = (char)(0xf0 | p >> 18);
    out[1] = (char)(0x80 | (p >> 12 & 0x3f));
    out[2] = (char)(0x80 | (p >> 6 & 0x3f));
    out[3] = (char)(0x80 | (p & 0x3f));
    arena_used += 4;
  }
}

static entry *slot_of(const char *bytes, uint32_t length) {
  uint32_t hash = 2166136261u;
  for (uint32_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
  for (size_t at = hash & (slots - 1);; at = (at + 1) & (slots - 1)) {
    entry *e = &table[at];
    if (e->count == 0 || (e->length == length && memcmp(arena + e->start, bytes, length) == 0)) return e;
  }
}

static void grow_table(void) {
  entry *old = table;
  size_t before = slots;
  slots = slots == 0 ? 1024 : slots * 2;
  table = calloc(slots, sizeof *table);
  if (table == NULL) fail("out of memory");
  for (size_t i = 0; i < before; i++) {
    if (old[i].count > 0) *slot_of(arena + old[i].start, old[i].length) = old[i];
  }
  free(old);
}

/* Counts the word that stands at the arena's end; a word known already gives its bytes back. */
static void count_word(size_t start) {
  uint32_t length = (uint32_t)(arena_used - start);
  if (words_known * 2 >= slots) grow_table();
  entry *e = slot_of(arena + start, length);
  if (e->count == 0) {
    *e = (entry){(uint32_t)start, length, 0};
    words_known += 1;
  } else {
    arena_used = start;
  }
  e->count += 1;
}

/* More frequent first; among equals in the order of their code points, which is that of their bytes. */
static bool is_before(const entry *a, const entry *b) {
  if (a->count != b->count) return a->count > b->count;
  uint32_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(arena + a->start, arena + b->start, shorter);
  return order != 0 ? order < 0 : a->length < b->length;
}

static size_t find_top(entry top[TOP]) {
  size_t found = 0;
  for (size_t i = 0; i < slots; i++) {
    if (table[i].count == 0) continue;
    size_t at = found < TOP ? found : TOP;
    while (at > 0 && is_before(&table[i], &top[at - 1])) at--;
    if (at == TOP) continue;
    if (found < TOP) found++;
    memmove(&top[at + 1], &top[at], (found - 1 - at) * sizeof *top);
    top[at] = table[i];
  }
  return found;
}

static void write_text(const char *text) { write_all(text, strlen(text)); }

static void write_number(uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  write_all(digits + at, sizeof digits - at);
}

int main(void) {
  json_text text = {NULL, 0};
  read_members(read_stdin(), (json_member[]){{"text", &text}}, 1);
  if (text.bytes == NULL) fail("the payload has no text");
  arena = malloc(text.length + 4);
  if (arena == NULL) fail("out of memory");

  uint64_t words = 0, lines = 0, characters = 0;
  const unsigned char *at = (const unsigned char *)text.bytes, *end = at + text.length;
  uint32_t point = '\n';
  while (at < end) {
    point = next_point(&at);
    characters += 1;
    if (point == '\n') lines += 1;
    if (!is_word(point)) continue;
    size_t word = arena_used;
    put_point(lower(point));
    for (bool goes_on = !is_single(point); goes_on && at < end;) {
      const unsigned char *ahead = at;
      uint32_t next = next_point(&ahead);
      const unsigned char *beyond = ahead;
      uint32_t after = ahead < end ? next_point(&beyond) : 0;
      bool joins = is_apostrophe(next) && is_word(after) && !is_single(after);
      goes_on = (is_word(next) && !is_single(next)) || joins;
      if (!goes_on) break;
      put_point(joins ? '\'' : lower(next));
      at = ahead;
      point = next;
      characters += 1;
    }
    words += 1;
    count_word(word);
  }
  if (point != '\n') lines += 1;

  entry top[TOP];
  size_t found = find_top(top);
  write_text("{\"words\":"), write_number(words);
  write_text(",\"lines\":"), write_number(lines);
  write_text(",\"characters\":"), write_number(characters);
  write_text(",\"top\":[");
  for (size_t i = 0; i < found; i++) {
    /* A word has no character that JSON would escape. */
    write_text(i == 0 ? "{\"word\":\"" : ",{\"word\":\"");
    write_all(arena + top[i].start, top[i].length);
    write_text("\",\"count\":"), write_number(top[i].count), write_text("}");
  }
  write_text("]}");
  return 0;
}
