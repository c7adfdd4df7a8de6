/* Fibonacci numbers the slow way: almost nothing but calls. */
static __attribute__((noinline)) int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
int kernel(int n) { return fibonacci(n); }
