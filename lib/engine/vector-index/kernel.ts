import { ScalarKernel } from './scalar-kernel';
import { KERNEL_BASE64 } from './wasm/kernel';

/**
 * The inner loops of the vector indexes, over one block of memory that they share with their caller. Addresses are byte
 * offsets into it, multiples of 16 but for single rows' scores. Rows come in groups of four.
 */
export interface Kernel {
  readonly simd: boolean;
  readonly buffer: ArrayBuffer;
  /**
   * scores[r] = scales[r] · (Σ_d rows[r][d] · query[d]) · step in float32, for the scores from `scores` up to `end`.
   *
   * @param rows 8-bit, `stride` bytes each, a multiple of 16
   * @param query 16-bit, such that no sum leaves 32 bits
   */
  scan(rows: number, stride: number, scales: number, scores: number, end: number, query: number, step: number): void;
  /**
   * scores[r] = Σ_s tables[s][codes[r][s]], for the scores from `scores` up to `end`.
   *
   * @param codes `stride` bytes a row, a multiple of 4
   * @param tables `stride` times 256 floats
   */
  lookUp(codes: number, stride: number, tables: number, scores: number, end: number): void;
  /**
   * Writes to `out` which of the rows have a score above `threshold`, ascending, 32 bits each. Up to 12 bytes after the
   * last may be overwritten.
   *
   * @param scores address of the score of `row`, the first
   * @returns the address after the last
   */
  collect(scores: number, end: number, row: number, threshold: number, out: number): number;
  /**
   * Sorts the row numbers from `rows` up to `end` by falling score, of equal ones that first which came first.
   *
   * @param work address of {@link sortBytes} bytes
   */
  sort(rows: number, end: number, scores: number, work: number): void;
}

/** What the kernel needs to sort so many rows. */
export function sortBytes(count: number): number {
  return 4096 + 16 * count;
}

/** What the engine uses of WebAssembly: hosts may lack it, so that it is no global of lib/engine. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
  ) => {
    exports: {
      memory: { buffer: ArrayBuffer; grow(pages: number): number };
      scan: Kernel['scan'];
      lookUp: Kernel['lookUp'];
      collect: Kernel['collect'];
      sort: Kernel['sort'];
    };
  };
}

const PAGE_BYTES = 65_536;
/** One page less than 32-bit addresses reach, so that the address after the last byte is one too. */
const MOST_BYTES = 2 ** 32 - PAGE_BYTES;

let compiled: object | null | undefined;

/**
 * A kernel with `bytes` of zeros: WebAssembly with SIMD, or plain TypeScript with the same results where the host has
 * none or will not compile it.
 *
 * @throws RangeError where so much cannot be addressed or had
 */
export function createKernel(bytes: number): Kernel {
  if (bytes > MOST_BYTES) throw new RangeError(`a vector index of ${bytes} bytes: ${MOST_BYTES} can be addressed`);
  return simdKernel(bytes) ?? new ScalarKernel(bytes);
}

/** Null where the host has no WebAssembly with SIMD. */
export function simdKernel(bytes: number): Kernel | null {
  const { WebAssembly: api } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };
  compiled ??= api ? compile(api) : null;
  if (!api || !compiled) return null;
  const { memory, scan, lookUp, collect, sort } = new api.Instance(compiled).exports;
  // The one page that the module begins with is among them. A failure to grow throws.
  memory.grow(Math.max(0, Math.ceil(bytes / PAGE_BYTES) - 1));
  return {
    simd: true,
    buffer: memory.buffer,
    scan,
    lookUp,
    sort,
    collect: (scores, end, row, threshold, out) => collect(scores, end, row, threshold, out) >>> 0,
  };
}

/** Null where SIMD is unknown, or where a content security policy forbids compiling. */
function compile(api: WebAssemblyApi): object | null {
  const bytes = Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0));
  if (!api.validate(bytes)) return null;
  try {
    return new api.Module(bytes);
  } catch {
    return null;
  }
}

/** Places blocks of the given lengths in bytes one after the other, each at a multiple of 16. */
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
