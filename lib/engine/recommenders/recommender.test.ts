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
import { contentData, context, latentData, popularityData } from '../../../testing/engine/context';
import { meanAndDeviation } from '../../../testing/engine/naive';
import { ContentRecommender } from './content';
import { LatentRecommender } from './latent';
import { NeighboursRecommender } from './neighbours';
import { PopularRecommender } from './popular';
import { type Evidence, moments, type Recommender } from './recommender';

interface Subject {
  make: () => Recommender;
  /** The first rows of the catalog that it proposes. */
  rows: number;
  /** It proposes only what something of the history speaks for. */
  proposesOnlyPositive?: boolean;
  /** Not all of a score is due to the evidence: biases bring the rest. */
  hasBiases?: boolean;
  /** The newest evidence counts most. */
  ordered?: boolean;
  /** It says nothing of interests. */
  deafToInterests?: boolean;
  /** The row to which one who likes a row is drawn; null where it is all the same to it. */
  drawnTo: ((row: number) => number) | null;
  /** Evidence that says nothing to it. */
  nothing: Evidence[][];
}

const latent = () => new LatentRecommender(latentColumns(), latentData());

/** A latent recommender whose users are found by a user tower, whatever their history. */
function towered(): Recommender {
  const recommender = latent();
  recommender.attachTower(userTower(), Number.POSITIVE_INFINITY);
  return recommender;
}

const itself = (row: number) => row;

const subjects: Record<string, Subject> = {
  content: {
    make: () => new ContentRecommender(contentData()),
    rows: SIZE,
    drawnTo: itself,
    nothing: [[], [item(WITHOUT_TERMS)], [interest([0, 1], [])], [item(3), item(3, -2)]],
  },
  latent: {
    make: () => latent(),
    rows: WARM,
    drawnTo: itself,
    nothing: [[], [item(WITHOUT_TERMS)], [interest([WARM, WARM + 1], [0])]],
  },
  'latent without an item tower': {
    make: () => new LatentRecommender(latentColumns()),
    rows: WARM,
    drawnTo: itself,
    nothing: [[], [item(WARM)], [item(SIZE - 1), interest([WARM, WARM + 1], [0])]],
  },
  'latent with a user tower': {
    make: towered,
    rows: WARM,
    hasBiases: true,
    ordered: true,
    // Nobody trained this tower: where it is drawn to is chance.
    drawnTo: null,
    nothing: [[], [item(WITHOUT_TERMS)], [interest([WARM, WARM + 1], [0])]],
  },
  neighbours: {
    make: () => new NeighboursRecommender(neighbourColumns()),
    rows: WARM,
    proposesOnlyPositive: true,
    deafToInterests: true,
    drawnTo: spokenFor,
    nothing: [[], [item(WARM)], [item(SILENT)], [interest([0, 1], [2])], [item(SIZE - 1), interest([1], [0])]],
  },
  popular: { make: () => new PopularRecommender(popularityData()), rows: SIZE, drawnTo: null, nothing: [] },
};

const histories: Record<string, Evidence[]> = {
  'one like': [item(4)],
  'likes and dislikes of several weights': [item(2), item(9, -1), item(20, 0.5), item(11, 0.25), item(5, -0.3)],
  'an interest': [interest([1, 6, 7], [0, 3])],
  'an interest beside likes, one of them cold': [item(0), interest([2, 3, 30], [1, 9], 0.4), item(33), item(14)],
  'an interest without a term': [item(8), interest([1, 2], [])],
  'a like that hardly counts': [item(6, 0.0001)],
  'more items than not': [...Array(SIZE).keys()].map((row) => item(row, row % 3 ? 1 : -0.5)),
};
const allRows = Array.from({ length: SIZE }, (_, row) => row);
const isInterests = (evidence: Evidence[]) => evidence.every(({ source }) => source.kind === 'interest');

describe.each(Object.entries(subjects))('the recommender of %s', (name, subject) => {
  const { make, rows, nothing } = subject;
  const signal = name.split(' ')[0];

  it('goes by the name of its signal', () => {
    expect(make().signal).toBe(signal);
  });

  it.each(nothing.map((evidence) => [evidence]))(
    'has nothing to say on evidence that means nothing to it',
    (evidence) => {
      expect(make().profile(context(evidence))).toBeNull();
    },
  );

  const heard = Object.entries(histories).filter(([, evidence]) => !(subject.deafToInterests && isInterests(evidence)));
  describe.each(heard)('after %s', (_, evidence) => {
    const recommender = make();
    const profile = recommender.profile(context(evidence))!;
    const scores = allRows.map((row) => profile.score(row));

    it('scores every row of the catalog', () => {
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(new Set(scores).size).toBeGreaterThan(1);
    });

    it('proposes the best rows, best first', () => {
      const expected = allRows
        .slice(0, rows)
        .filter((row) => !subject.proposesOnlyPositive || scores[row] > 0)
        .sort((a, b) => scores[b] - scores[a] || a - b);
      for (const limit of [0, 1, 7, rows, SIZE + 10]) {
        const found = [...profile.candidates(limit)];
        expect(found).toHaveLength(Math.min(limit, expected.length));
        expect(new Set(found).size).toBe(found.length);
        found.forEach((row, place) => {
          expect(row).toBeLessThan(rows);
          // In 32 bits equal scores may differ in their last digit.
          expect(Math.abs(scores[row] - scores[expected[place]])).toBeLessThanOrEqual(1e-6 * Math.abs(scores[row]));
        });
      }
    });

    it('knows mean and deviation over the calibration rows', () => {
      const direct = meanAndDeviation(scores.slice(0, WARM));
      expect(profile.mean / direct.mean).toBeCloseTo(1, 4);
      expect(profile.deviation / direct.deviation).toBeCloseTo(1, 4);
    });

    it('says how well the evidence agrees, from not at all to wholly', () => {
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
        // What biases bring is checked in user-tower.test.ts.
        if (subject.hasBiases) continue;
        const sum = parts.reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - scores[row])).toBeLessThanOrEqual(1e-6 * largest);
      }
      // Popularity is no one's doing; the others can tell for every row they know.
      expect(profile.contributions(0) === null).toBe(name === 'popular');
    });

    it('says the same again', () => {
      const again = recommender.profile(context(evidence))!;
      expect(allRows.map((row) => again.score(row))).toEqual(scores);
    });

    if (subject.ordered) return;
    it('does not care in which order the evidence comes', () => {
      const other = make().profile(context([...evidence].reverse()))!;
      const largest = Math.max(...scores.map(Math.abs));
      for (const row of allRows) expect(Math.abs(other.score(row) - scores[row])).toBeLessThanOrEqual(1e-5 * largest);
    });
  });

  const { drawnTo } = subject;
  if (!drawnTo) return;
  it('is drawn to what is liked and away from what is disliked', () => {
    for (const row of [1, 5, 17]) {
      const z = (evidence: Evidence[]) => {
        const profile = make().profile(context(evidence))!;
        return (profile.score(drawnTo(row)) - profile.mean) / profile.deviation;
      };
      expect(z([item(row)])).toBeGreaterThan(1);
      expect(z([item(3), item(row)])).toBeGreaterThan(z([item(3)]));
      expect(z([item(3), item(row, -1)])).toBeLessThan(z([item(3)]));
    }
  });
});

describe('moments', () => {
  it('are mean and standard deviation', () => {
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

  it('tell a small spread from rounding', () => {
    expect(moments(3e-9, 5e-18, 2).deviation).toBeCloseTo(0.5e-9, 15);
    expect(moments(0.1 * 3, 0.1 * 0.1 * 3, 3).deviation).toBe(1);
  });

  it('of nothing are 0 and 1', () => {
    expect(moments(0, 0, 0)).toEqual({ mean: 0, deviation: 1 });
  });
});
