import { describe, expect, it } from 'vitest';
import { candidatesBodySchema } from './schema';

describe('candidatesBodySchema', () => {
  it('accepts factors that half precision can represent, and no larger ones', () => {
    const accepts = (factor: number) => candidatesBodySchema.safeParse({ factors: [factor] }).success;
    expect([65_504, -65_504].map(accepts)).toEqual([true, true]);
    expect([65_505, -65_505, 1e6].map(accepts)).toEqual([false, false, false]);
  });
});
