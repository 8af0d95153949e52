import { beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../../math/random';
import type { SignalProfile } from '../recommenders/recommender';
import { rankRows, ScoreTable, type WeightedSignal } from './candidates';
import { applyDiscovery } from './discovery';

const ROWS = 3000;
const USERS = 5000;
const QUOTA = { strategy: 'popular', share: 1 } as const;

const profileOf = (scores: Float64Array): SignalProfile => {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
  return {
    mean,
    deviation,
    coherence: 1,
    score: (row) => scores[row],
    candidates: () => new Uint32Array(),
    contributions: () => null,
  };
};

/** Users per row, from all to one in three thousand by powers, as in real catalogs. */
const users = Float64Array.from({ length: ROWS }, (_, row) => Math.max(1, USERS * Math.exp((-8 * row) / ROWS)));
const popular = { profile: profileOf(users.map((count) => Math.log1p(count))), quota: QUOTA };

/** A user's relevance: some of it is popularity. */
function signalsOf(seed: number, popularWeight: number): WeightedSignal[] {
  const random = mulberry32(seed);
  const scores = Float64Array.from({ length: ROWS }, () => -Math.log(random()));
  const content = { signal: 'content', weight: 1, profile: profileOf(scores), quota: QUOTA } as const;
  return popularWeight === 0 ? [content] : [content, { ...popular, signal: 'popular', weight: popularWeight }];
}

const everyRow = new ScoreTable(Uint32Array.from({ length: ROWS }, (_, row) => row));
function listOf(signals: WeightedSignal[], discovery: number, topK: number): number[] {
  const shifted = applyDiscovery(everyRow, signals, popular, discovery, topK);
  return [...rankRows(shifted.table, shifted.signals, topK).rows];
}
/** Mean −log₂ of the share of users, in bits. */
const noveltyOf = (rows: number[]) => rows.reduce((sum, row) => sum - Math.log2(users[row] / USERS), 0) / rows.length;

describe('discovery', () => {
  const cases = Array.from({ length: 40 }, (_, seed) => ({ seed, popularWeight: [0, 0.3, 1, -0.5][seed % 4] }));
  let lists: number[][][];
  beforeAll(() => {
    lists = cases.map(({ seed, popularWeight }) =>
      [-1, -0.5, 0.5, 1].map((discovery) => listOf(signalsOf(seed, popularWeight), discovery, 20)),
    );
  });

  it('raises the novelty of the list from end to end, by 3 bits and more', () => {
    for (const [known, lessKnown, moreNovel, novel] of lists.map((four) => four.map(noveltyOf))) {
      expect(novel - known).toBeGreaterThan(3);
      expect(known).toBeLessThanOrEqual(lessKnown + 1e-9);
      expect(lessKnown).toBeLessThanOrEqual(moreNovel + 1e-9);
      expect(moreNovel).toBeLessThanOrEqual(novel + 1e-9);
    }
  });

  it('keeps to the most relevant rows at either end', () => {
    cases.forEach(({ seed, popularWeight }, i) => {
      const best = new Set(rankRows(everyRow, signalsOf(seed, popularWeight), 160).rows);
      for (const list of lists[i]) for (const row of list) expect(best).toContain(row);
    });
  });

  it('changes no weight but that of popularity', () => {
    const given = signalsOf(1, 0.3);
    const { signals } = applyDiscovery(everyRow, given, popular, 0.7, 20);
    expect(signals.filter(({ signal }) => signal !== 'popular')).toEqual(
      given.filter(({ signal }) => signal !== 'popular'),
    );
    expect(signals.find(({ signal }) => signal === 'popular')!.weight).toBeLessThan(0.3);
  });
});
