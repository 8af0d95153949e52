import { describe, expect, it, vi } from 'vitest';
import { LatestCache } from './latest-cache';

const failing = () => {
  throw new Error('failed');
};

describe('LatestCache', () => {
  it('computes a value once while its key is the latest', () => {
    const cache = new LatestCache<object>();
    const compute = vi.fn(() => ({}));
    const value = cache.get('a', compute);
    expect(cache.get('a', compute)).toBe(value);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  it('caches the value of the latest key alone', () => {
    const cache = new LatestCache<number>();
    let computed = 0;
    const get = (key: string) => cache.get(key, () => ++computed);
    expect([get('a'), get('b'), get('b'), get('a')]).toEqual([1, 2, 2, 3]);
  });

  it('computes the value again after clear', () => {
    const cache = new LatestCache<number>();
    expect(cache.get('a', () => 1)).toBe(1);
    cache.clear();
    expect(cache.get('a', () => 2)).toBe(2);
  });

  it('caches null, undefined and the value of an empty key', () => {
    const cache = new LatestCache<null | undefined>();
    expect(cache.get('', () => undefined)).toBeUndefined();
    expect(cache.get('', failing)).toBeUndefined();
    expect(cache.get('a', () => null)).toBeNull();
    expect(cache.get('a', failing)).toBeNull();
  });

  it('is empty after a computation that throws', () => {
    const cache = new LatestCache<number>();
    cache.get('a', () => 1);
    expect(() => cache.get('b', failing)).toThrow('failed');
    expect(cache.get('b', () => 2)).toBe(2);
    expect(() => cache.get('c', failing)).toThrow('failed');
    expect(cache.get('b', () => 3)).toBe(3);
  });
});
