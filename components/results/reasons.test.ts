import { describe, expect, it } from 'vitest';
import { describeReason, termBars } from './reasons';

const domain = { users: 'viewers' };

describe('reasons', () => {
  it('names the pick and what the two share', () => {
    const reason = {
      kind: 'history',
      id: '1',
      title: 'Inception',
      share: 0.6,
      terms: ['heist', 'dream', 'a', 'b'],
    } as const;
    expect(describeReason({ ...reason, terms: [...reason.terms] }, domain)).toBe(
      'Because you liked Inception: heist, dream, a',
    );
    expect(describeReason({ ...reason, terms: [] }, domain)).toBe('Because you liked Inception');
    expect(describeReason({ ...reason, terms: [] }, domain, new Set(['1']))).toBe('Unlike Inception');
    expect(describeReason({ ...reason, terms: ['Nolan', 'nolan', 'heist'] }, domain)).toMatch(/: Nolan, heist$/);
  });

  it('does not say an interest twice', () => {
    const reason = { kind: 'interest', id: 'war', label: 'War', share: 1, terms: ['war', 'submarine'] } as const;
    expect(describeReason({ ...reason, terms: [...reason.terms] }, domain)).toBe(
      'From your interest in War: submarine',
    );
  });

  it('counts people, or admits that there are none', () => {
    expect(describeReason({ kind: 'popular', count: 12345 }, domain)).toBe('Chosen by 12,345 viewers');
    expect(describeReason({ kind: 'popular', count: 0 }, domain)).toMatch(/^Nobody/);
  });

  it('draws bars to the scale of the largest term and leaves out what has no weight', () => {
    const bars = termBars([
      { signal: 'content', weight: 0.4, z: 2, contribution: 0.8 },
      { signal: 'latent', weight: 0.8, z: -2, contribution: -1.6 },
      { signal: 'popular', weight: 0, z: 3, contribution: 0 },
    ]);
    expect(bars.map((bar) => [bar.signal, bar.length, bar.formula])).toEqual([
      ['content', 0.5, '0.40 × 2.0'],
      ['latent', 1, '0.80 × -2.0'],
    ]);
    expect(termBars([])).toEqual([]);
    expect(termBars([{ signal: 'content', weight: 1, z: 0, contribution: 0 }])[0].length).toBe(0);
  });
});
