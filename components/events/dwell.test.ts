import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DWELL_MS, Dwell } from './dwell';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(seen = new Set<string>()) {
  const told: string[] = [];
  return { told, dwell: new Dwell(seen, (item) => told.push(item)) };
}

describe('what was seen', () => {
  it('is what stayed in view for a second, once', () => {
    const { told, dwell } = watch();
    dwell.enter('a');
    dwell.enter('b');
    vi.advanceTimersByTime(DWELL_MS - 1);
    dwell.leave('b');
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['a']);
    dwell.leave('a');
    dwell.enter('a');
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(told).toEqual(['a']);
  });

  it('does not count again what was told of before, by another watch of the same list', () => {
    const seen = new Set(['a']);
    const { told, dwell } = watch(seen);
    dwell.enter('a');
    dwell.enter('b');
    vi.advanceTimersByTime(DWELL_MS);
    expect(told).toEqual(['b']);
    expect([...seen]).toEqual(['a', 'b']);
  });

  it('does not count the time while the page is hidden', () => {
    const { told, dwell } = watch();
    dwell.enter('a');
    dwell.pause();
    dwell.enter('b');
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(told).toEqual([]);
    dwell.leave('b');
    dwell.resume();
    vi.advanceTimersByTime(DWELL_MS - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['a']);
  });

  it('tells nothing once it has ended', () => {
    const { told, dwell } = watch();
    dwell.enter('a');
    dwell.end();
    dwell.resume();
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(told).toEqual([]);
  });
});
