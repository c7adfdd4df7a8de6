/* Five bodies under gravity: doubles in memory, with square roots. */
typedef struct { double x, y, z, vx, vy, vz, mass; } Body;
static Body bodies[5];

static void place(void) {
  for (int i = 0; i < 5; i++) {
    Body *b = &bodies[i];
    b->x = i * 4.8 + 0.1; b->y = -1.1 * i; b->z = 0.01 * i * i;
    b->vx = 0.3 * i; b->vy = 2.8 / (i + 1); b->vz = -0.02 * i;
    b->mass = i == 0 ? 39.47 : 0.03 / (i * i);
  }
}

int kernel(int steps) {
  place();
  for (int s = 0; s < steps; s++) {
    for (int i = 0; i < 5; i++) {
      Body *a = &bodies[i];
      for (int j = i + 1; j < 5; j++) {
        Body *b = &bodies[j];
        double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
        double d2 = dx * dx + dy * dy + dz * dz;
        double mag = 0.001 / (d2 * __builtin_sqrt(d2));
        a->vx -= dx * b->mass * mag; a->vy -= dy * b->mass * mag; a->vz -= dz * b->mass * mag;
        b->vx += dx * a->mass * mag; b->vy += dy * a->mass * mag; b->vz += dz * a->mass * mag;
      }
    }
    for (int i = 0; i < 5; i++) {
      Body *b = &bodies[i];
      b->x += 0.001 * b->vx; b->y += 0.001 * b->vy; b->z += 0.001 * b->vz;
    }
  }
  return (int)(bodies[0].x * 1e6);
}
