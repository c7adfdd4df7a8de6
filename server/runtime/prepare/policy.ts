/** What bounds a module, in numbers. Each keeps the work of compiling or running it in proportion to its size. */

/** The rules by which a module was rewritten. A schedule never changes: other rules get another number. */
export const SCHEDULE = 2;

export const BOUNDS = {
  functions: 50_000,
  types: 10_000,
  parameters: 1_000,
  imports: 1_000,
  exports: 10_000,
  globals: 10_000,
  tables: 100,
  /** All tables of a module together: their memory is the engine's, outside the cap on linear memory. */
  tableEntries: 200_000,
  tags: 1_000,
  /**
   * What one exception carries. Exceptions live in the engine's memory, and only a stack holds them: with so much in each,
   * a stack full of nothing else takes some 100 MiB.
   */
  tagBytes: 32,
  segments: 50_000,
  nameBytes: 10_000,
  bodyBytes: 1_048_576,
  locals: 5_000,
  /** The most that V8 takes of one function. */
  preparedBodyBytes: 7_654_321,
  /** V8's optimiser takes time by size and locals together: 5 MB with 2,000 of them took it 45 s. */
  bodyBytesTimesLocals: 200_000_000,
  nesting: 1_000,
  branchTable: 65_536,
  /** How much larger preparation may make a module: so many times, and so many bytes more. */
  growthFactor: 8,
  growthBytes: 65_536,
} as const;

/** Names that belong to what preparation adds. */
export const RESERVED_PREFIX = "spell:";

export const NAMES = {
  fuel: "spell:fuel",
  run: "spell:run",
  growth: "spell:growth",
  /** What a restored instance takes beside its memory, in bytes; 0: it cannot be restored. */
  kept: "spell:kept",
  /** Followed by the global's index; the ones that a restored instance must have as they were. */
  global: "spell:global:",
} as const;

/** Values of the growth flag. */
export const GROWTH = { refusedByCap: 1, refusedByHost: 2 } as const;

export const PAGE_BYTES = 65_536;

/** Fuel that a loop may have taken in advance: a trap inside reports less than this too much. A power of two. */
export const CREDIT = 16_384;

/** Bytes that one unit of fuel moves in a bulk operation, as a shift. */
export const BULK_SHIFT = 3;
