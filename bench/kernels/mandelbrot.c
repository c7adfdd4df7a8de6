/* Doubles that live in registers: no bits of them ever show. */
int kernel(int size) {
  int inside = 0;
  for (int py = 0; py < size; py++)
    for (int px = 0; px < size; px++) {
      double cx = 3.0 * px / size - 2.0, cy = 2.0 * py / size - 1.0, x = 0, y = 0;
      int i = 0;
      for (; i < 100 && x * x + y * y < 4.0; i++) { double t = x * x - y * y + cx; y = 2 * x * y + cy; x = t; }
      inside += i == 100;
    }
  return inside;
}
