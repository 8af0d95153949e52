import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson } from './same-json';

describe('the comparison of JSON values', () => {
  it('finds values with the same text equal, in whatever order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(isSameJson(a, structuredClone(a))).toBe(true);
        if (JSON.stringify(a) === JSON.stringify(b)) expect(isSameJson(a, b)).toBe(true);
      }),
    );
    expect(isSameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  });

  it.each([
    [1, 2],
    [null, {}],
    [{}, []],
    [[1, 2], [1]],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: undefined }, { b: undefined }],
    [{ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 3 }] } }],
  ])('finds %j and %j different', (a, b) => {
    expect(isSameJson(a, b)).toBe(false);
    expect(isSameJson(b, a)).toBe(false);
  });
});
