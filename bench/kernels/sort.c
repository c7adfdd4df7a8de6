/* Heap sort through a comparison that is called by pointer. */
static unsigned values[200000];
typedef int (*Compare)(unsigned, unsigned);
static int ascending(unsigned a, unsigned b) { return a < b ? -1 : a > b; }
static int by_low_bits(unsigned a, unsigned b) { return (int)(a & 0xffff) - (int)(b & 0xffff); }
Compare orders[2] = {ascending, by_low_bits};

static void sift(int start, int end, Compare compare) {
  int root = start;
  for (;;) {
    int child = 2 * root + 1;
    if (child > end) return;
    if (child + 1 <= end && compare(values[child], values[child + 1]) < 0) child++;
    if (compare(values[root], values[child]) >= 0) return;
    unsigned held = values[root]; values[root] = values[child]; values[child] = held;
    root = child;
  }
}

int kernel(int n) {
  unsigned state = 12345;
  for (int i = 0; i < n; i++) { state = state * 1664525 + 1013904223; values[i] = state; }
  Compare compare = orders[n & 1];
  for (int i = n / 2 - 1; i >= 0; i--) sift(i, n - 1, compare);
  for (int end = n - 1; end > 0; end--) {
    unsigned held = values[end]; values[end] = values[0]; values[0] = held;
    sift(0, end - 1, compare);
  }
  return (int)values[n / 2];
}
