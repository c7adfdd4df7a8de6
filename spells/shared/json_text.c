#include "json_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_DEPTH 256

typedef struct {
  const unsigned char *at;
  const unsigned char *end;
} cursor;

_Noreturn void fail(const char *message) {
  (void)!write(2, message, strlen(message));
  (void)!write(2, "\n", 1);
  exit(1);
}

static void *reserve(void *old, size_t length) {
  void *bytes = realloc(old, length == 0 ? 1 : length);
  if (bytes == NULL) fail("out of memory");
  return bytes;
}

void write_all(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(1, bytes, length);
    if (written <= 0) fail("cannot write the result");
    bytes += written;
    length -= (size_t)written;
  }
}

json_text read_stdin(void) {
  json_text all = {NULL, 0};
  size_t room = 0;
  for (;;) {
    if (room - all.length < 65536) {
      room = room == 0 ? 131072 : room * 2;
      all.bytes = reserve(all.bytes, room);
    }
    ssize_t got = read(0, all.bytes + all.length, room - all.length);
    if (got < 0) fail("cannot read the payload");
    if (got == 0) return all;
    all.length += (size_t)got;
  }
}

static void skip_space(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) c->at++;
}

static bool accept(cursor *c, char wanted) {
  skip_space(c);
  if (c->at >= c->end || *c->at != (unsigned char)wanted) return false;
  c->at++;
  return true;
}

static void expect(cursor *c, char wanted) {
  if (!accept(c, wanted)) fail("the payload is not valid JSON");
}

static uint32_t read_hex4(cursor *c) {
  uint32_t value = 0;
  if (c->end - c->at < 4) fail("the payload is not valid JSON");
  for (int i = 0; i < 4; i++, c->at++) {
    unsigned char digit = *c->at;
    value <<= 4;
    if (digit >= '0' && digit <= '9') value |= (uint32_t)(digit - '0');
    else if (digit >= 'a' && digit <= 'f') value |= (uint32_t)(digit - 'a' + 10);
    else if (digit >= 'A' && digit <= 'F') value |= (uint32_t)(digit - 'A' + 10);
    else fail("the payload is not valid JSON");
  }
  return value;
}

static char *put_utf8(char *out, uint32_t point) {
  if (point < 0x80) {
    *out++ = (char)point;
  } else if (point < 0x800) {
    *out++ = (char)(0xc0 | point >> 6);
    *out++ = (char)(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    *out++ = (char)(0xe0 | point >> 12);
    *out++ = (char)(0x80 | (point >> 6 & 0x3f));
    *out++ = (char)(0x80 | (point & 0x3f));
  } else {
    *out++ = (char)(0xf0 | point >> 18);
    *out++ = (char)(0x80 | (point >> 12 & 0x3f));
    *out++ = (char)(0x80 | (point >> 6 & 0x3f));
    *out++ = (char)(0x80 | (point & 0x3f));
  }
  return out;
}

/* The code point of a \u escape, whose "\u" is read; a pair of surrogates is one. */
static uint32_t read_escaped_point(cursor *c) {
  uint32_t first = read_hex4(c);
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff) return 0xfffd;
  if (c->end - c->at < 6 || c->at[0] != '\\' || c->at[1] != 'u') return 0xfffd;
  cursor ahead = {c->at + 2, c->end};
  uint32_t second = read_hex4(&ahead);
  if (second < 0xdc00 || second > 0xdfff) return 0xfffd;
  c->at = ahead.at;
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

static char *put_escape(cursor *c, char *out) {
  if (c->at >= c->end) fail("the payload is not valid JSON");
  switch (*c->at++) {
    case '"': *out++ = '"'; break;
    case '\\': *out++ = '\\'; break;
    case '/': *out++ = '/'; break;
    case 'b': *out++ = '\b'; break;
    case 'f': *out++ = '\f'; break;
    case 'n': *out++ = '\n'; break;
    case 'r': *out++ = '\r'; break;
    case 't': *out++ = '\t'; break;
    case 'u': return put_utf8(out, read_escaped_point(c));
    default: fail("the payload is not valid JSON");
  }
  return out;
}

/* A string, whose first quote is read. Decoded it is never longer than it stands. */
static json_text read_string(cursor *c) {
  const unsigned char *close = c->at;
  while (close < c->end && *close != '"') close += *close == '\\' ? 2 : 1;
  if (close >= c->end) fail("the payload is not valid JSON");
  char *bytes = reserve(NULL, (size_t)(close - c->at));
  char *out = bytes;
  while (c->at < close) {
    unsigned char byte = *c->at++;
    if (byte < 0x20) fail("the payload is not valid JSON");
    if (byte == '\\') out = put_escape(c, out);
    else *out++ = (char)byte;
  }
  c->at = close + 1;
  return (json_text){bytes, (size_t)(out - bytes)};
}

static void skip_scalar(cursor *c) {
  const unsigned char *start = c->at;
  while (c->at < c->end && strchr("+-.0123456789aeflnrstuE", *c->at) != NULL && *c->at != 0) c->at++;
  if (c->at == start) fail("the payload is not valid JSON");
}

static void skip_value(cursor *c, int depth) {
  if (depth > MAX_DEPTH) fail("the payload is nested too deeply");
  if (accept(c, '"')) {
    free(read_string(c).bytes);
  } else if (accept(c, '[')) {
    if (accept(c, ']')) return;
    do skip_value(c, depth + 1);
    while (accept(c, ','));
    expect(c, ']');
  } else if (accept(c, '{')) {
    if (accept(c, '}')) return;
    do {
      expect(c, '"');
      free(read_string(c).bytes);
      expect(c, ':');
      skip_value(c, depth + 1);
    } while (accept(c, ','));
    expect(c, '}');
  } else {
    skip_scalar(c);
  }
}

static const json_member *find(const json_member *wanted, size_t count, json_text name) {
  for (size_t i = 0; i < count; i++) {
    if (strlen(wanted[i].name) == name.length && memcmp(wanted[i].name, name.bytes, name.length) == 0) return &wanted[i];
  }
  return NULL;
}

void read_members(json_text json, const json_member *wanted, size_t count) {
  cursor c = {(const unsigned char *)json.bytes, (const unsigned char *)json.bytes + json.length};
  if (!accept(&c, '{')) fail("the payload is not a JSON object");
  if (!accept(&c, '}')) {
    do {
      expect(&c, '"');
      json_text name = read_string(&c);
      expect(&c, ':');
      const json_member *member = find(wanted, count, name);
      free(name.bytes);
      if (member == NULL) {
        skip_value(&c, 0);
      } else {
        if (!accept(&c, '"')) fail("a member that should be a string is not");
        free(member->value->bytes);
        *member->value = read_string(&c);
      }
    } while (accept(&c, ','));
    expect(&c, '}');
  }
  skip_space(&c);
  if (c.at != c.end) fail("the payload is not valid JSON");
}
