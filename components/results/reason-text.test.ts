import { describe, expect, it } from 'vitest';
import { describeItem, describeReason, signalLabel, termBars } from './reason-text';

const domain = { users: 'viewers' };

describe('reasons', () => {
  it('names the pick and the terms it shares with the item', () => {
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
    expect(describeReason({ ...reason, terms: [] }, domain, { disliked: new Set(['1']) })).toBe('Unlike Inception');
    expect(describeReason({ ...reason, terms: ['Nolan', 'nolan', 'heist'] }, domain)).toMatch(/: Nolan, heist$/);
  });

  it('does not repeat an interest among its terms', () => {
    const reason = { kind: 'interest', id: 'war', label: 'War', share: 1, terms: ['war', 'submarine'] } as const;
    expect(describeReason({ ...reason, terms: [...reason.terms] }, domain)).toBe(
      'From your interest in War: submarine',
    );
  });

  it('counts people, or says that there are none', () => {
    expect(describeReason({ kind: 'popular', count: 12345 }, domain)).toBe('Chosen by 12,345 viewers');
    expect(describeReason({ kind: 'popular', count: 1 }, domain)).toBe('Chosen by one of the viewers');
    expect(describeReason({ kind: 'popular', count: 0 }, domain)).toBe('Not chosen by anyone yet');
  });

  it('does not call an item popular that is in the list for being little known', () => {
    const known = (weight: number, z: number) =>
      describeReason({ kind: 'popular', count: 7 }, domain, {
        terms: [{ signal: 'popular', weight, z, contribution: weight * z }],
      });
    expect(known(-0.2, -1.5)).toBe('Little known: chosen by 7 viewers');
    expect(known(0.2, 1.5)).toBe('Chosen by 7 viewers');
    expect(known(-0.2, 1.5)).toBe('Chosen by 7 viewers');
  });

  it('names friends who gave a name, and counts the others', () => {
    const friends = (names: string[], count = names.length) =>
      describeReason({ kind: 'friends', names, count }, domain);
    expect(friends(['Ana'])).toBe('Ana likes it');
    expect(friends(['Ana', 'Ben'])).toBe('Ana and Ben like it');
    expect(friends(['Ana', 'Ben', 'Cleo'])).toBe('Ana and 2 others you follow like it');
    expect(friends(['Ana'], 2)).toBe('Ana and 1 other you follow like it');
    expect(friends([], 1)).toBe('Someone you follow likes it');
    expect(friends([''], 1)).toBe('Someone you follow likes it');
    expect(friends([], 1200)).toBe('1,200 people you follow like it');
    expect(signalLabel('social', domain)).toBe('People you follow');
  });

  it('calls an item new and adds its first other reason', () => {
    const item = (...reasons: Parameters<typeof describeReason>[0][]) =>
      describeItem({ reasons, terms: [], popularity: 0 }, domain, new Set(['2']));
    const fresh = { kind: 'new', publishedAt: 0 } as const;
    const because = (id: string) => ({ kind: 'history' as const, id, title: 'Inception', share: 1, terms: [] });
    expect(item(fresh, because('1'))).toEqual({ label: 'New', note: 'Because you liked Inception' });
    expect(item(because('2'), fresh)).toEqual({ label: 'New', note: 'Unlike Inception' });
    expect(item(fresh)).toEqual({ label: 'New', note: 'Not chosen by anyone yet' });
    expect(item({ kind: 'trending', rank: 1 })).toEqual({ note: 'Liked a lot these days' });
    expect(item()).toEqual({ note: '' });
    const friends = { kind: 'friends' as const, names: ['Ana'], count: 1 };
    expect(item(because('1'), friends)).toEqual({ label: 'Ana likes it', note: 'Because you liked Inception' });
    expect(item(friends)).toEqual({ label: 'Ana likes it', note: 'Not chosen by anyone yet' });
    expect(item(fresh, friends)).toEqual({ label: 'New', note: 'Ana likes it' });
  });

  it('names the users of the domain', () => {
    expect(signalLabel('latent', domain)).toBe('Similar viewers');
    expect(signalLabel('latent', { users: 'playlists' })).toBe('Similar playlists');
  });

  it('has bars from one zero line, negative terms to the left, and none for a weight of 0', () => {
    const { zero, bars } = termBars(
      [
        { signal: 'content', weight: 0.4, z: 2, contribution: 0.8 },
        { signal: 'latent', weight: 0.8, z: 3, contribution: 2.4 },
        { signal: 'neighbours', weight: 0, z: 3, contribution: 0 },
        { signal: 'popular', weight: -0.4, z: 2, contribution: -0.8 },
      ],
      domain,
    );
    expect(zero).toBeCloseTo(0.25);
    expect(bars.map(({ signal, formula, contribution }) => [signal, formula, contribution])).toEqual([
      ['content', '0.40 × 2.0', '+0.80'],
      ['latent', '0.80 × 3.0', '+2.40'],
      ['popular', '−0.40 × 2.0', '−0.80'],
    ]);
    const spans = bars.map(({ start, length }) => [start, length]);
    for (const [i, [start, length]] of [
      [0.25, 0.25],
      [0.25, 0.75],
      [0, 0.25],
    ].entries()) {
      expect(spans[i][0]).toBeCloseTo(start);
      expect(spans[i][1]).toBeCloseTo(length);
    }
    expect(bars.map(({ isAgainst, isNegative }) => [isAgainst, isNegative])).toEqual([
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  it('has its zero line at the left where all terms are positive, and no bar for a contribution of 0', () => {
    const only = termBars([{ signal: 'content', weight: 1, z: 2, contribution: 2 }], domain);
    expect([only.zero, only.bars[0].start, only.bars[0].length]).toEqual([0, 0, 1]);
    expect(termBars([], domain).bars).toEqual([]);
    const [none] = termBars([{ signal: 'content', weight: 1, z: -0, contribution: -0 }], domain).bars;
    expect([none.length, none.contribution, none.formula]).toEqual([0, '0.00', '1.00 × 0.0']);
  });
});
