import { afterEach, describe, expect, it, vi } from 'vitest';
import { keptName } from './kept-name';

/** As browsers have it; `refuses` is what is not allowed there. */
function storage(kept: Map<string, string>, refuses: 'nothing' | 'writing' | 'everything' = 'nothing') {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  return {
    getItem: (key: string) => (refuses === 'everything' ? refuse() : (kept.get(key) ?? null)),
    setItem: (key: string, value: string) => (refuses === 'nothing' ? void kept.set(key, value) : refuse()),
  };
}

afterEach(() => void vi.unstubAllGlobals());

describe('a random name of this browser', () => {
  it('stays the same, and is another under another key', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', storage(kept));
    const name = keptName('a');
    expect(name).toMatch(/^[\w-]{20,}$/);
    expect(keptName('b')).not.toBe(name);
    // Another page of the same browser.
    vi.stubGlobal('localStorage', storage(new Map([['a', 'of before']])));
    expect(keptName('a')).toBe('of before');
    expect(kept.get('a')).toBe(name);
  });

  it.each(['writing', 'everything'] as const)('lasts as long as the page where %s is refused', (refuses) => {
    vi.stubGlobal('localStorage', storage(new Map(), refuses));
    const name = keptName(`c ${refuses}`);
    expect(keptName(`c ${refuses}`)).toBe(name);
    expect(keptName(`d ${refuses}`)).not.toBe(name);
  });
});
