import { describe, expect, it } from 'vitest';
import {
  interest,
  item,
  latentColumns,
  neighbourColumns,
  SILENT,
  SIZE,
  spokenFor,
  userTower,
  WARM,
  WITHOUT_TERMS,
} from '../../../testing/engine/columns';
import { contentData, context, latentData, likedByFriends, popularityData } from '../../../testing/engine/context';
import { meanAndDeviation } from '../../../testing/engine/naive';
import { type ScoreSignal, SIGNALS } from '../../contracts/engine';
import { LatentRecommender } from './latent';
import { type Evidence, moments, type ProfileContext, type Recommender } from './recommender';
import { createRecommenders, type SignalData } from './registry';

const data: SignalData = {
  ...contentData(),
  ...latentData(),
  catalog: { ...latentData().catalog, ...popularityData().catalog },
};
const registered = () =>
  createRecommenders(
    { latent: latentColumns(), neighbours: neighbourColumns(), related: neighbourColumns() },
    data,
  ) as Record<ScoreSignal, Recommender>;

/** A registered signal, or a variant of one, and how it differs from the others. */
interface Subject {
  signal: ScoreSignal;
  /** Default: the registered recommender. */
  make?: () => Recommender;
  /** It proposes the first so many rows of the catalog. */
  proposableRows: number;
  /** It proposes only rows with a score above 0. */
  proposesOnlyPositive?: boolean;
  /** Default: the evidence is that of the user. */
  contextOf?: (evidence: readonly Evidence[]) => ProfileContext;
  /** It has no profile of a user with interests alone. */
  ignoresInterests?: boolean;
  /** Its scores depend on the order of the evidence. */
  isOrderSensitive?: boolean;
  /** Mean and deviation are constants, not those of the calibration rows. */
  hasFixedMoments?: boolean;
  /** The user's evidence does not contribute to its scores. */
  hasNoContributions?: boolean;
  /** Network biases contribute to its scores besides the evidence; user-tower.test.ts tests their part. */
  hasBiases?: boolean;
  /** The row whose score rises with a like of a row and falls with a dislike; null where there is none. */
  relatedRow: ((row: number) => number) | null;
  /** Evidence after which it has no profile. */
  withoutProfile: Evidence[][];
}

const sameRow = (row: number) => row;

/** Friends who liked what the user would have liked. */
const friendsLikes = (evidence: readonly Evidence[]): ProfileContext => {
  const liked = evidence.flatMap(({ source, sign, weight }): [number, number][] =>
    source.kind === 'item' && sign > 0 ? [[source.row, weight]] : [],
  );
  return likedByFriends(new Map(liked.sort(([, a], [, b]) => b - a)));
};

const subjects: Record<string, Subject> = {
  content: {
    signal: 'content',
    proposableRows: SIZE,
    proposesOnlyPositive: true,
    relatedRow: sameRow,
    withoutProfile: [[], [item(WITHOUT_TERMS)], [interest([0, 1], [])], [item(3), item(3, -2)]],
  },
  latent: {
    signal: 'latent',
    proposableRows: WARM,
    relatedRow: sameRow,
    withoutProfile: [[], [item(WITHOUT_TERMS)], [interest([WARM, WARM + 1], [0])]],
  },
  'latent without an item tower': {
    signal: 'latent',
    make: () => new LatentRecommender(latentColumns()),
    proposableRows: WARM,
    relatedRow: sameRow,
    withoutProfile: [[], [item(WARM)], [item(SIZE - 1), interest([WARM, WARM + 1], [0])]],
  },
  'latent with a user tower': {
    signal: 'latent',
    make: () => {
      const recommender = new LatentRecommender(latentColumns(), latentData());
      recommender.attachTower(userTower(), Number.POSITIVE_INFINITY);
      return recommender;
    },
    proposableRows: WARM,
    isOrderSensitive: true,
    hasBiases: true,
    // The tower has random weights, so that a like may raise the score of any row.
    relatedRow: null,
    withoutProfile: [[], [item(WITHOUT_TERMS)], [interest([WARM, WARM + 1], [0])]],
  },
  neighbours: {
    signal: 'neighbours',
    proposableRows: WARM,
    proposesOnlyPositive: true,
    ignoresInterests: true,
    relatedRow: spokenFor,
    withoutProfile: [[], [item(WARM)], [item(SILENT)], [interest([0, 1], [2])], [item(SIZE - 1), interest([1], [0])]],
  },
  related: {
    signal: 'related',
    proposableRows: WARM,
    proposesOnlyPositive: true,
    relatedRow: spokenFor,
    withoutProfile: [[], [item(WARM)], [item(SILENT)], [item(SIZE - 1), interest([WARM, WARM + 1], [0])]],
  },
  popular: {
    signal: 'popular',
    proposableRows: SIZE,
    hasNoContributions: true,
    relatedRow: null,
    withoutProfile: [],
  },
  social: {
    signal: 'social',
    proposableRows: SIZE,
    proposesOnlyPositive: true,
    contextOf: friendsLikes,
    ignoresInterests: true,
    hasFixedMoments: true,
    hasNoContributions: true,
    // Friends share likes alone.
    relatedRow: null,
    withoutProfile: [[], [item(3, -1)], [interest([0, 1], [2])]],
  },
};

const histories: Record<string, Evidence[]> = {
  'one like': [item(4)],
  'likes and dislikes of several weights': [item(2), item(9, -1), item(20, 0.5), item(11, 0.25), item(5, -0.3)],
  'an interest': [interest([1, 6, 7], [0, 3])],
  'an interest and likes, one of a cold item': [item(0), interest([2, 3, 30], [1, 9], 0.4), item(33), item(14)],
  'a like and an interest without terms': [item(8), interest([1, 2], [])],
  'a like of a very small weight': [item(6, 0.0001)],
  'a history of the whole catalog': [...Array(SIZE).keys()].map((row) => item(row, row % 3 ? 1 : -0.5)),
};
const allRows = Array.from({ length: SIZE }, (_, row) => row);
const hasInterestsAlone = (evidence: Evidence[]) => evidence.every(({ source }) => source.kind === 'interest');

describe('the registry', () => {
  const entries = Object.entries<Recommender>(registered());

  it.each(entries)('has conformance subjects for %s', (name) => {
    expect(Object.values(subjects).map(({ signal }) => signal)).toContain(name);
  });

  it.each(entries)('lists %s under the name of its signal', (name, { signal }) => {
    expect(signal).toBe(name);
  });

  it('lists the learned signals first, in the order of the gate’s outputs', () => {
    const isLearned = entries.map(([, { weight }]) => weight === 'learned');
    expect(isLearned).toEqual(isLearned.toSorted((a, b) => Number(b) - Number(a)));
    expect(entries.filter((_, i) => isLearned[i]).map(([name]) => name)).toEqual(SIGNALS);
  });
});

describe.each(Object.entries(subjects))('the recommender of %s', (_, subject) => {
  const { signal, proposableRows, withoutProfile } = subject;
  const make = subject.make ?? (() => registered()[signal]);
  const contextOf = subject.contextOf ?? context;

  it('has the name of its signal', () => {
    expect(make().signal).toBe(signal);
  });

  it.each(withoutProfile.map((evidence) => [evidence]))(
    'has no profile after evidence that it cannot use',
    (evidence) => {
      expect(make().profile(contextOf(evidence))).toBeNull();
    },
  );

  const usable = Object.entries(histories).filter(
    ([, evidence]) => !(subject.ignoresInterests && hasInterestsAlone(evidence)),
  );
  describe.each(usable)('after %s', (_, evidence) => {
    const recommender = make();
    const profile = recommender.profile(contextOf(evidence))!;
    const scores = allRows.map((row) => profile.score(row));

    it('scores every row of the catalog', () => {
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(new Set(scores).size).toBeGreaterThan(1);
    });

    it('proposes the best rows, best first', () => {
      const expected = allRows
        .slice(0, proposableRows)
        .filter((row) => !subject.proposesOnlyPositive || scores[row] > 0)
        .sort((a, b) => scores[b] - scores[a] || a - b);
      for (const limit of [0, 1, 7, proposableRows, SIZE + 10]) {
        const found = [...profile.candidates(limit)];
        expect(found).toHaveLength(Math.min(limit, expected.length));
        expect(new Set(found).size).toBe(found.length);
        found.forEach((row, place) => {
          expect(row).toBeLessThan(proposableRows);
          // In 32 bits equal scores may differ in their last digit.
          expect(Math.abs(scores[row] - scores[expected[place]])).toBeLessThanOrEqual(1e-6 * Math.abs(scores[row]));
        });
      }
    });

    if (!subject.hasFixedMoments)
      it('has the mean and deviation of its scores over the calibration rows', () => {
        const direct = meanAndDeviation(scores.slice(0, WARM));
        expect(profile.mean / direct.mean).toBeCloseTo(1, 4);
        expect(profile.deviation / direct.deviation).toBeCloseTo(1, 4);
      });

    it('has a coherence between 0 and 1', () => {
      expect(profile.coherence).toBeGreaterThanOrEqual(0);
      expect(profile.coherence).toBeLessThanOrEqual(1 + 1e-6);
    });

    it('splits every score among the evidence, as exactly as 32 bits allow', () => {
      const largest = Math.max(...scores.map(Math.abs));
      for (const row of allRows) {
        const parts = profile.contributions(row);
        if (parts === null) continue;
        expect(parts).toHaveLength(evidence.length);
        expect(parts.every(Number.isFinite)).toBe(true);
        if (subject.hasBiases) continue;
        const sum = parts.reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - scores[row])).toBeLessThanOrEqual(1e-6 * largest);
      }
      expect(profile.contributions(0) === null).toBe(subject.hasNoContributions ?? false);
    });

    it('returns the same scores for the same evidence', () => {
      const again = recommender.profile(contextOf(evidence))!;
      expect(allRows.map((row) => again.score(row))).toEqual(scores);
    });

    if (!subject.isOrderSensitive)
      it('returns the same scores whatever the order of the evidence', () => {
        const other = make().profile(contextOf([...evidence].reverse()))!;
        const largest = Math.max(...scores.map(Math.abs));
        for (const row of allRows) expect(Math.abs(other.score(row) - scores[row])).toBeLessThanOrEqual(1e-5 * largest);
      });
  });

  const { relatedRow } = subject;
  if (relatedRow)
    it('raises the related row’s score after a like and lowers it after a dislike', () => {
      for (const row of [1, 5, 17]) {
        const z = (evidence: Evidence[]) => {
          const profile = make().profile(contextOf(evidence))!;
          return (profile.score(relatedRow(row)) - profile.mean) / profile.deviation;
        };
        expect(z([item(row)])).toBeGreaterThan(1);
        expect(z([item(3), item(row)])).toBeGreaterThan(z([item(3)]));
        expect(z([item(3), item(row, -1)])).toBeLessThan(z([item(3)]));
      }
    });
});

describe('moments', () => {
  it('returns mean and standard deviation', () => {
    const values = [1, 4, 4, 7.5];
    const direct = meanAndDeviation(values);
    const found = moments(
      16.5,
      values.reduce((sum, value) => sum + value * value, 0),
      4,
    );
    expect(found.mean).toBeCloseTo(direct.mean, 12);
    expect(found.deviation).toBeCloseTo(direct.deviation, 12);
  });

  it('distinguishes a small spread from rounding errors', () => {
    expect(moments(3e-9, 5e-18, 2).deviation).toBeCloseTo(0.5e-9, 15);
    expect(moments(0.1 * 3, 0.1 * 0.1 * 3, 3).deviation).toBe(1);
  });

  it('returns mean 0 and deviation 1 without values', () => {
    expect(moments(0, 0, 0)).toEqual({ mean: 0, deviation: 1 });
  });
});
