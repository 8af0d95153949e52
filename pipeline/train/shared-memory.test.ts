import { describe, expect, it } from 'vitest';
import { toSharedArray } from './shared-memory';

describe('toSharedArray', () => {
  it('copies an array into shared memory', () => {
    for (const values of [Uint32Array.of(1, 2, 3), Float32Array.of(0.5, -1), new Uint32Array()]) {
      const copy = toSharedArray(values);
      expect([...copy]).toEqual([...values]);
      expect(copy.constructor).toBe(values.constructor);
      expect(copy.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });
});
