/*
 * Reads the payload of a spell: a JSON object whose string members are what the program wants.
 * The grammar is RFC 8259; strings come out as UTF-8, with U+FFFD for half of a surrogate pair that stands alone.
 */
#ifndef SPELL_JSON_TEXT_H
#define SPELL_JSON_TEXT_H

#include <stddef.h>

typedef struct {
  char *bytes; /* not terminated; null when the member is not there */
  size_t length;
} json_text;

typedef struct {
  const char *name;
  json_text *value;
} json_member;

/* Writes one line to stderr and ends the program with exit code 1. */
_Noreturn void fail(const char *message);

/* Writes all bytes to stdout; fails the program when they cannot be written. */
void write_all(const char *bytes, size_t length);

/* Reads stdin whole. */
json_text read_stdin(void);

/*
 * Reads an object's string members of the given names; a name that stands twice takes its last value. Other members
 * may be anything. Fails the program for what is not an object, not JSON, or a wanted member that is no string.
 */
void read_members(json_text json, const json_member *wanted, size_t count);

#endif
