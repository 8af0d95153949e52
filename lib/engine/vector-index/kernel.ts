/**
 * The inner loops of the vector indexes over one block of memory, which the kernel shares with its caller. Addresses
 * are byte offsets into the block and multiples of 16, except those of single rows' scores. Rows are processed in
 * groups of four.
 */
export interface Kernel {
  /** Whether it is WebAssembly with SIMD rather than TypeScript. */
  readonly simd: boolean;
  readonly buffer: ArrayBuffer;
  /**
   * scores[r] = scales[r] · (Σ_d rows[r][d] · query[d]) · step in float32, for the scores from `scores` up to `end`.
   *
   * @param rows address of 8-bit vectors, `stride` bytes each
   * @param stride a multiple of 16
   * @param scales address of one float32 a row
   * @param scores address of the first score
   * @param end address after the last score
   * @param query address of a 16-bit vector whose inner products fit into 32 bits
   */
  scan(rows: number, stride: number, scales: number, scores: number, end: number, query: number, step: number): void;
  /**
   * scores[r] = Σ_s tables[s][codes[r][s]], for the scores from `scores` up to `end`.
   *
   * @param codes address of 8-bit codes, `stride` bytes a row
   * @param stride a multiple of 4
   * @param tables address of `stride` × 256 float32
   * @param scores address of the first score
   * @param end address after the last score
   */
  lookUp(codes: number, stride: number, tables: number, scores: number, end: number): void;
  /**
   * Writes the numbers of the rows with a score above `threshold` to `out`, ascending, as uint32. May overwrite up to
   * 12 bytes after the last one.
   *
   * @param scores address of the score of `row`
   * @param end address after the last score
   * @param row number of the first row
   * @returns the address after the last number
   */
  collect(scores: number, end: number, row: number, threshold: number, out: number): number;
  /**
   * Sorts the row numbers from `rows` up to `end` by falling score. The sort is stable.
   *
   * @param scores address of the score of row 0
   * @param work address of {@link sortBytes} bytes
   */
  sort(rows: number, end: number, scores: number, work: number): void;
}

/** Bytes that {@link Kernel.sort} works in to sort `count` rows. */
export function sortBytes(count: number): number {
  return 4096 + 16 * count;
}

/**
 * Lays blocks out one after the other, each at a multiple of 16.
 *
 * @param lengths of the blocks, in bytes
 * @returns the address of each block, and the bytes of them all
 */
export function layOut<T extends Record<string, number>>(lengths: T): { at: Record<keyof T, number>; bytes: number } {
  let bytes = 0;
  const at = {} as Record<keyof T, number>;
  for (const [name, length] of Object.entries(lengths)) {
    at[name as keyof T] = bytes;
    bytes += roundUp(length, 16);
  }
  return { at, bytes };
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
