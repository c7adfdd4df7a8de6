/* Counts words of a generated text in a hash table. */
static char text[1000000];
static struct { unsigned hash, count; } table[65536];

int kernel(int length) {
  unsigned state = 7;
  for (int i = 0; i < length; i++) {
    state = state * 1103515245 + 12345;
    unsigned roll = state >> 16 & 63;
    text[i] = roll < 10 ? ' ' : roll < 12 ? '\n' : (char)('a' + roll % 7);
  }
  for (int i = 0; i < 65536; i++) { table[i].hash = 0; table[i].count = 0; }
  int words = 0;
  for (int i = 0; i < length;) {
    while (i < length && (text[i] == ' ' || text[i] == '\n')) i++;
    if (i == length) break;
    unsigned hash = 2166136261u;
    for (; i < length && text[i] != ' ' && text[i] != '\n'; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    unsigned at = hash & 65535;
    while (table[at].count != 0 && table[at].hash != hash) at = (at + 1) & 65535;
    table[at].hash = hash;
    table[at].count++;
    words++;
  }
  return words;
}
