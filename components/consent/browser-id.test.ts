import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserId } from './browser-id';

/** A `localStorage`; `refuses` names the operations that throw, as in browsers with storage blocked or full. */
function storage(stored: Map<string, string>, refuses: 'nothing' | 'writing' | 'everything' = 'nothing') {
  const refuse = () => {
    throw new DOMException('refused', 'SecurityError');
  };
  return {
    getItem: (key: string) => (refuses === 'everything' ? refuse() : (stored.get(key) ?? null)),
    setItem: (key: string, value: string) => (refuses === 'nothing' ? void stored.set(key, value) : refuse()),
  };
}

afterEach(() => void vi.unstubAllGlobals());

describe('browserId', () => {
  it('stays the same, and differs by key', () => {
    const stored = new Map<string, string>();
    vi.stubGlobal('localStorage', storage(stored));
    const id = browserId('a');
    expect(id).toMatch(/^[\w-]{20,}$/);
    expect(browserId('b')).not.toBe(id);
    // Another page of the same browser.
    vi.stubGlobal('localStorage', storage(new Map([['a', 'of before']])));
    expect(browserId('a')).toBe('of before');
    expect(stored.get('a')).toBe(id);
  });

  it.each(['writing', 'everything'] as const)('lasts as long as the page if storage refuses %s', (refuses) => {
    vi.stubGlobal('localStorage', storage(new Map(), refuses));
    const id = browserId(`c ${refuses}`);
    expect(browserId(`c ${refuses}`)).toBe(id);
    expect(browserId(`d ${refuses}`)).not.toBe(id);
  });
});
