import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createKernel } from './create-kernel';
import { type Kernel, layOut, sortBytes } from './kernel';
import { ScalarKernel } from './scalar-kernel';
import { createSimdKernel } from './simd-kernel';
import { KERNEL_BASE64 } from './wasm/kernel-base64';

describe('the compiled kernel', () => {
  it('is small enough to compile synchronously on any thread', () => {
    expect(atob(KERNEL_BASE64).length).toBeLessThan(4096);
  });
});

describe('createKernel', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it('allocates the requested memory, all 0', () => {
    for (const bytes of [0, 16, 65_536, 65_537, 1_000_000]) {
      const { buffer } = createKernel(bytes);
      expect(buffer.byteLength).toBeGreaterThanOrEqual(bytes);
      expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true);
    }
    expect(() => createKernel(2 ** 32)).toThrow('4294967296 bytes: 4294901760 can be addressed');
  });

  it.each([
    ['without WebAssembly', undefined],
    ['without SIMD', { validate: (): boolean => false }],
    [
      'where compiling is forbidden',
      {
        validate: (): boolean => true,
        Module: class {
          constructor() {
            throw new Error('unsafe-eval');
          }
        },
      },
    ],
  ])('falls back to TypeScript %s', async (_, api) => {
    vi.stubGlobal('WebAssembly', api);
    const fresh = await import('./create-kernel');
    expect(fresh.createKernel(16).simd).toBe(false);
  });
});

const float = fc.float({ noDefaultInfinity: false });

describe('lookUp, collect and sort', () => {
  const both = (bytes: number): Kernel[] => [createSimdKernel(bytes)!, new ScalarKernel(bytes)];

  it('sum table entries to the same result in both kernels', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 12, maxLength: 60 }),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }), { minLength: 1, maxLength: 50 }),
        (fours, codes, entries) => {
          const stride = 4 * fours;
          const size = Math.floor(codes.length / stride);
          const { at, bytes } = layOut({ codes: codes.length, tables: 1024 * stride, scores: 4 * size });
          const tables = Float32Array.from({ length: 256 * stride }, (_, i) => entries[i % entries.length]);
          const [simd, scalar] = both(bytes).map((kernel) => {
            new Uint8Array(kernel.buffer).set(codes, at.codes);
            new Float32Array(kernel.buffer, at.tables).set(tables);
            kernel.lookUp(at.codes, stride, at.tables, at.scores, at.scores + 4 * size);
            return new Float32Array(kernel.buffer, at.scores, size);
          });
          expect(simd).toEqual(scalar);
          simd.forEach((score, row) => {
            let sum = 0;
            for (let s = 0; s < stride; s++) sum += tables[256 * s + codes[row * stride + s]];
            expect(score).toBeCloseTo(sum, 3);
          });
        },
      ),
    );
  });

  it('collect rows above a threshold and sort them stably', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(float, fc.constantFrom(0, -0, 1, -1)), { maxLength: 40 }),
        fc.oneof(float, fc.constantFrom(0, Number.NEGATIVE_INFINITY)),
        fc.nat(10),
        (values, threshold, group) => {
          const size = values.length - (values.length % 4);
          const first = Math.min(4 * group, size);
          const { at, bytes } = layOut({ scores: 4 * size, rows: 4 * size + 16, work: sortBytes(size) });
          const above = values
            .map((_, row) => row)
            .slice(first, size)
            .filter((row) => values[row] > threshold);
          for (const kernel of both(bytes)) {
            const scores = new Float32Array(kernel.buffer, at.scores, size);
            scores.set(values.slice(0, size));
            const end = kernel.collect(at.scores + 4 * first, at.scores + 4 * size, first, threshold, at.rows);
            const rows = new Uint32Array(kernel.buffer, at.rows, (end - at.rows) / 4);
            expect([...rows]).toEqual(above);
            kernel.sort(at.rows, end, at.scores, at.work);
            expect([...rows]).toEqual(above.toSorted((a, b) => (values[a] === values[b] ? 0 : values[b] - values[a])));
          }
        },
      ),
    );
  });
});
