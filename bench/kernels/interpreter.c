/* A stack machine's dispatch loop over a table of opcodes. */
enum { PUSH, ADD, SUB, MUL, DUP, SWAP, JUMP_IF, DROP, XOR, SHIFT, LOAD, STORE, HALT };
static const unsigned char program[] = {PUSH, 3, LOAD, 0, ADD, DUP, STORE, 1, PUSH, 17, MUL, LOAD, 1, XOR, PUSH, 5, SHIFT,
  LOAD, 0, SUB, STORE, 0, LOAD, 2, PUSH, 1, SUB, DUP, STORE, 2, JUMP_IF, 0, HALT};

int kernel(int rounds) {
  int stack[64], cells[4] = {1, 2, rounds, 0}, top = 0, pc = 0;
  for (;;) {
    switch (program[pc++]) {
      case PUSH: stack[top++] = program[pc++]; break;
      case ADD: top--; stack[top - 1] += stack[top]; break;
      case SUB: top--; stack[top - 1] -= stack[top]; break;
      case MUL: top--; stack[top - 1] *= stack[top]; break;
      case DUP: stack[top] = stack[top - 1]; top++; break;
      case SWAP: { int held = stack[top - 1]; stack[top - 1] = stack[top - 2]; stack[top - 2] = held; break; }
      case JUMP_IF: if (stack[--top]) pc = program[pc]; else pc++; break;
      case DROP: top--; break;
      case XOR: top--; stack[top - 1] ^= stack[top]; break;
      case SHIFT: top--; stack[top - 1] = (int)((unsigned)stack[top - 1] >> (stack[top] & 31)); break;
      case LOAD: stack[top++] = cells[program[pc++]]; break;
      case STORE: cells[program[pc++]] = stack[--top]; break;
      default: return cells[0];
    }
  }
}
