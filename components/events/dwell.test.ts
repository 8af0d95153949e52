import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DWELL_MS, DwellTimer } from './dwell';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(seen = new Set<string>()) {
  const reported: string[] = [];
  return { reported, timer: new DwellTimer(seen, (item) => reported.push(item)) };
}

describe('the timer timer', () => {
  it('reports an item that stayed in view for a second, once', () => {
    const { reported, timer } = watch();
    timer.enter('a');
    timer.enter('b');
    vi.advanceTimersByTime(DWELL_MS - 1);
    timer.leave('b');
    expect(reported).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reported).toEqual(['a']);
    timer.leave('a');
    timer.enter('a');
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(reported).toEqual(['a']);
  });

  it('does not report again what another timer reported of the same list', () => {
    const seen = new Set(['a']);
    const { reported, timer } = watch(seen);
    timer.enter('a');
    timer.enter('b');
    vi.advanceTimersByTime(DWELL_MS);
    expect(reported).toEqual(['b']);
    expect([...seen]).toEqual(['a', 'b']);
  });

  it('does not count the time while the page is hidden', () => {
    const { reported, timer } = watch();
    timer.enter('a');
    timer.pause();
    timer.enter('b');
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(reported).toEqual([]);
    timer.leave('b');
    timer.resume();
    vi.advanceTimersByTime(DWELL_MS - 1);
    expect(reported).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reported).toEqual(['a']);
  });

  it('reports nothing once it has ended', () => {
    const { reported, timer } = watch();
    timer.enter('a');
    timer.end();
    timer.resume();
    vi.advanceTimersByTime(5 * DWELL_MS);
    expect(reported).toEqual([]);
  });
});
