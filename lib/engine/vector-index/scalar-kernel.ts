import type { Kernel } from './kernel';

/** kernel.wat in TypeScript, for hosts without WebAssembly SIMD. Results are bit-identical. */
export class ScalarKernel implements Kernel {
  readonly simd = false;
  readonly buffer: ArrayBuffer;
  private readonly bytes: Uint8Array;
  private readonly signed: Int8Array;
  private readonly shorts: Int16Array;
  private readonly words: Uint32Array;
  private readonly floats: Float32Array;

  /** @param bytes of memory, initially 0 */
  constructor(bytes: number) {
    this.buffer = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
    this.bytes = new Uint8Array(this.buffer);
    this.signed = new Int8Array(this.buffer);
    this.shorts = new Int16Array(this.buffer);
    this.words = new Uint32Array(this.buffer);
    this.floats = new Float32Array(this.buffer);
  }

  scan(rows: number, stride: number, scales: number, scores: number, end: number, query: number, step: number): void {
    const { signed, shorts, floats } = this;
    const from = query / 2;
    let at = rows;
    let scale = scales / 4;
    for (let to = scores / 4; to < end / 4; to++, scale++, at += stride) {
      // Four independent sums: additions to a single one would have to wait for each other.
      let a = 0;
      let b = 0;
      let c = 0;
      let e = 0;
      for (let d = 0; d < stride; d += 4) {
        a = (a + Math.imul(signed[at + d], shorts[from + d])) | 0;
        b = (b + Math.imul(signed[at + d + 1], shorts[from + d + 1])) | 0;
        c = (c + Math.imul(signed[at + d + 2], shorts[from + d + 2])) | 0;
        e = (e + Math.imul(signed[at + d + 3], shorts[from + d + 3])) | 0;
      }
      floats[to] = Math.fround(Math.fround(a + b + c + e) * floats[scale]) * step;
    }
  }

  lookUp(codes: number, stride: number, tables: number, scores: number, end: number): void {
    const { bytes, floats } = this;
    let at = codes;
    for (let to = scores / 4; to < end / 4; to++) {
      let sum = 0;
      for (let table = tables / 4, stop = at + stride; at < stop; at += 4, table += 1024) {
        const low = Math.fround(floats[table + bytes[at]] + floats[table + 256 + bytes[at + 1]]);
        const high = Math.fround(floats[table + 512 + bytes[at + 2]] + floats[table + 768 + bytes[at + 3]]);
        sum = Math.fround(sum + Math.fround(low + high));
      }
      floats[to] = sum;
    }
  }

  collect(scores: number, end: number, row: number, threshold: number, out: number): number {
    const { words, floats } = this;
    const limit = Math.fround(threshold);
    let to = out / 4;
    for (let from = scores / 4, at = row; from < end / 4; from++, at++) if (floats[from] > limit) words[to++] = at;
    return to * 4;
  }

  sort(rows: number, end: number, scores: number): void {
    const { words, floats } = this;
    const base = scores / 4;
    words.subarray(rows / 4, end / 4).sort((a, b) => floats[base + b] - floats[base + a]);
  }
}
