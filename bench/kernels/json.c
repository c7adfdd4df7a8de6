/* Parses a generated JSON text by recursive descent, adding up what it finds. */
static char text[400000];
static int at, length;
static double total;

static void put(char c) { text[length++] = c; }
static void write_value(int depth, unsigned *state) {
  *state = *state * 1664525 + 1013904223;
  unsigned kind = *state >> 28;
  if (depth > 0 && kind < 9) {
    put(kind < 5 ? '[' : '{');
    for (int i = 0; i < 6; i++) {
      if (i) put(',');
      if (kind >= 5) { put('"'); put('k'); put((char)('0' + i)); put('"'); put(':'); }
      write_value(depth - 1, state);
    }
    put(kind < 5 ? ']' : '}');
  } else if (kind < 13) {
    for (int i = 0; i < 5; i++) put((char)('1' + (*state >> (i * 3) & 7)));
    put('.'); put('5');
  } else {
    put('"');
    for (int i = 0; i < 8; i++) put((char)('a' + (*state >> i & 15)));
    put('\\'); put('n'); put('"');
  }
}

static void skip(void) { while (text[at] == ' ' || text[at] == '\n') at++; }
static void parse_string(void) {
  for (at++; text[at] != '"'; at++) {
    if (text[at] == '\\') at++;
    total += text[at];
  }
  at++;
}
static void parse_number(void) {
  double value = 0;
  while (text[at] >= '0' && text[at] <= '9') value = value * 10 + (text[at++] - '0');
  if (text[at] == '.') {
    double scale = 0.1;
    for (at++; text[at] >= '0' && text[at] <= '9'; at++, scale *= 0.1) value += (text[at] - '0') * scale;
  }
  total += value;
}
static void parse_value(void) {
  skip();
  switch (text[at]) {
    case '{':
    case '[': {
      char close = text[at] == '{' ? '}' : ']';
      at++;
      for (skip(); text[at] != close; skip()) {
        if (close == '}') { parse_string(); skip(); at++; }
        parse_value();
        skip();
        if (text[at] == ',') at++;
      }
      at++;
      return;
    }
    case '"': parse_string(); return;
    default: parse_number();
  }
}

int kernel(int rounds) {
  unsigned state = 99;
  length = 0;
  put('[');
  while (length < 150000) { if (length > 1) put(','); write_value(4, &state); }
  put(']'); put(0);
  total = 0;
  for (int i = 0; i < rounds; i++) { at = 0; parse_value(); }
  return (int)total;
}
