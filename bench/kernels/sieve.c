/* Primes below a bound: byte stores in tight loops. */
static unsigned char composite[2000000];

int kernel(int n) {
  int count = 0;
  for (int i = 0; i < n; i++) composite[i] = 0;
  for (int i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (long long j = (long long)i * i; j < n; j += i) composite[j] = 1;
  }
  return count;
}
