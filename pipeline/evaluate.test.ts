import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { domainConfigSchema } from '../lib/contracts/domain-folder';
import { type DomainFolder, RowProblems } from './domain-folder/read';
import { formatQuality, measure, ndcg, type Split, splitAndTrain } from './evaluate';
import { silentProgress } from './progress';
import { tinyItems } from './testing/tiny-domain';

describe('ndcg', () => {
  it('is the gain of the ranking over that of the ideal one', () => {
    const ids = [...'abcdefgh'];
    const ranking = fc.shuffledSubarray(ids);
    fc.assert(
      fc.property(ranking, fc.subarray(ids), fc.integer({ min: 1, max: 10 }), (order, relevant, k) => {
        const gain = (list: string[]) =>
          list.slice(0, k).reduce((sum, id, i) => sum + (relevant.includes(id) ? 1 / Math.log2(i + 2) : 0), 0);
        const ideal = gain([...relevant, ...ids.filter((id) => !relevant.includes(id))]);
        expect(ndcg(order, new Set(relevant), k)).toBeCloseTo(ideal === 0 ? 0 : gain(order) / ideal, 12);
      }),
    );
  });

  it('is 1 for what is perfect within k, 0 for what misses', () => {
    expect(ndcg(['a', 'b', 'x'], new Set(['b', 'a', 'c']), 2)).toBe(1);
    expect(ndcg(['x', 'y'], new Set(['a']), 2)).toBe(0);
    expect(ndcg([], new Set(['a']), 10)).toBe(0);
    expect(ndcg(['a'], new Set(), 10)).toBe(0);
    expect(ndcg(['x', 'a'], new Set(['a']), 10)).toBeCloseTo(1 / Math.log2(3), 12);
  });
});

describe('splitAndTrain', () => {
  const options = { seed: 5, threads: 1, progress: silentProgress };
  const USERS = 60;
  /** Every user likes 10 items of one parity, and each likes one item that nobody else does. */
  const folder = (): DomainFolder => {
    const rows = Array.from({ length: USERS }, (_, user) => [
      ...Array.from({ length: 10 }, (_, i) => 2 * ((3 * user + i) % 20) + (user % 2)),
      40 + user,
    ]);
    return {
      config: domainConfigSchema.parse({
        id: 'd',
        label: 'D',
        item: { one: 'i', many: 'i' },
        fields: [{ name: 'genres', kind: 'tags', weight: 1 }],
      }),
      items: [
        ...tinyItems().slice(0, 40),
        ...Array.from({ length: USERS }, (_, user) => ({ id: `only${user}`, title: `Only ${user}` })),
      ],
      interactions: {
        userIds: rows.map((_, user) => `u${user}`),
        users: Uint32Array.from(rows.flatMap((items, user) => items.map(() => user))),
        items: Uint32Array.from(rows.flat()),
        values: new Float32Array(rows.flat().length).fill(Number.NaN),
        timestamps: new Float64Array(rows.flat().length),
      },
      problems: new RowProblems(),
    };
  };
  let split: Split;
  beforeAll(async () => {
    split = await splitAndTrain(folder(), options);
  });

  it('holds out a tenth of the users for testing, and another for validation', () => {
    expect(split.test).toHaveLength(6);
    expect(split.validation).toHaveLength(6);
  });

  it('hides a fifth of what a user likes and gives the rest', () => {
    for (const { history, hidden } of [...split.test, ...split.validation]) {
      expect(hidden).toHaveLength(2);
      expect(history).toHaveLength(8);
      expect(new Set([...history, ...hidden]).size).toBe(10);
    }
  });

  it('lets nothing that a held-out user did reach the model', () => {
    const { items } = folder();
    const chosen = items.map(({ id }) => split.engine.items([id])[0]);
    // Each of these has one user; those of held-out users are as if nobody had chosen them.
    const alone = chosen.filter(({ id }) => id.startsWith('only'));
    expect(alone.filter(({ popularity }) => popularity === 1)).toHaveLength(USERS - 12);
    expect(alone.filter(({ popularity }) => popularity === 0)).toHaveLength(12);
    expect(chosen.reduce((sum, { popularity }) => sum + popularity, 0)).toBe((USERS - 12) * 11);
    for (const { history, hidden } of [...split.test, ...split.validation]) {
      expect([...history, ...hidden].filter((id) => id.startsWith('only'))).toEqual([]);
    }
  });

  it('splits alike for the same seed, and otherwise for another', async () => {
    const again = await splitAndTrain(folder(), options);
    expect([again.test, again.validation]).toEqual([split.test, split.validation]);
    const other = await splitAndTrain(folder(), { ...options, seed: 6 });
    expect(other.test).not.toEqual(split.test);
  });

  it('measures what the engine would have recommended', () => {
    const users = split.test;
    const row = measure(split.engine, users, 'mine', { mode: 'collaborative' });
    const direct = users.map(({ history, hidden }) => {
      const { items } = split.engine.recommend({
        mode: 'collaborative',
        history: history.map((id) => ({ id })),
        topK: 100,
      });
      return ndcg(
        items.map(({ id }) => id),
        new Set(hidden),
        10,
      );
    });
    expect(row).toMatchObject({ name: 'mine', length: null, users: 6 });
    expect(row.ndcg10).toBeCloseTo(direct.reduce((sum, value) => sum + value, 0) / 6, 12);
    // Taste is by parity, so that knowing it beats knowing nothing.
    expect(row.ndcg100).toBeGreaterThan(measure(split.engine, users, 'none', { mode: 'popular' }).ndcg100);
    expect(measure(split.engine, users, 'short', { mode: 'content', length: 1 })).toMatchObject({
      length: 1,
      users: 6,
    });
    expect(measure(split.engine, [], 'nobody', { mode: 'content' })).toMatchObject({ users: 0, ndcg10: 0 });
  });
});

describe('formatQuality', () => {
  it('is one line a row, below a heading', () => {
    const text = formatQuality([{ name: 'hybrid', length: null, users: 12, ndcg10: 0.25, ndcg100: 1 / 3 }]);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(/^ {4}all {2}hybrid +0\.2500 {2}0\.3333 {2}12$/m);
  });
});
