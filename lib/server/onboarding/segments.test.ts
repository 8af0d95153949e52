import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { POSTGRES } from '../../../testing/server/stores';
import { loadEngineFromFolder, readManifest } from '../../artifacts/node';
import type { Engine } from '../../engine/engine';
import { segmentTrend, visitor } from '../store/schema';
import { store } from '../store/store';
import { logWeight } from '../trends/decay';
import { halfLife } from '../trends/half-lives';
import { blendPopular } from '../trends/popular';
import { type LiveItem, MIN_SEGMENT_VISITORS, segmentItems } from '../trends/trending';
import { blendSegments, readSegment, SHRINKAGE, segmentLift, segmentsOf, shrunkShare } from './segments';

const FOLDER = 'public/artifacts/courses';
let engine: Engine;
let interactions: number;
beforeAll(async () => {
  engine = await loadEngineFromFolder(FOLDER);
  ({ interactions } = (await readManifest(FOLDER)).manifest.counts);
});
afterEach(() => vi.unstubAllEnvs());

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);
const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const observed = fc.tuple(amount, amount).map(([weight, rest]) => ({ weight, total: weight + rest }));

describe('the share of an item in a segment', () => {
  it('is the global share without events, and nearly the segment’s own share with many', () => {
    fc.assert(
      fc.property(share, share, (own, global) => {
        expect(shrunkShare({ weight: 0, total: 0 }, global)).toBeCloseTo(global, 12);
        const total = 1e6 * SHRINKAGE;
        expect(shrunkShare({ weight: own * total, total }, global)).toBeCloseTo(own, 5);
      }),
    );
  });

  it('lies between the two, half way if the weight equals the shrinkage', () => {
    fc.assert(
      fc.property(observed, share, (segment, global) => {
        const own = segment.total > 0 ? segment.weight / segment.total : global;
        const shrunk = shrunkShare(segment, global);
        expect(shrunk).toBeGreaterThanOrEqual(Math.min(own, global) - 1e-12);
        expect(shrunk).toBeLessThanOrEqual(Math.max(own, global) + 1e-12);
      }),
    );
    expect(shrunkShare({ weight: SHRINKAGE / 2, total: SHRINKAGE }, 0.1)).toBeCloseTo(0.3, 12);
  });

  it('adds up to one over all items', () => {
    const global = [0.5, 0.3, 0.2];
    const weights = [1, 70, 900];
    const total = 971;
    const shares = global.map((g, i) => shrunkShare({ weight: weights[i], total }, g));
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});

describe('the lift of several segments', () => {
  it('is the log-ratio of one segment, lies between those of several, and ignores segments without events', () => {
    fc.assert(
      fc.property(observed, observed, share, (a, b, global) => {
        const own = (segment: typeof a) => (segment.total > 0 ? Math.log(shrunkShare(segment, global) / global) : 0);
        expect(segmentLift([a], global)).toBeCloseTo(own(a), 9);
        expect(segmentLift([a, { weight: 0, total: 0 }], global)).toBeCloseTo(own(a), 9);
        const both = segmentLift([a, b], global);
        expect(both).toBeGreaterThanOrEqual(Math.min(own(a), own(b)) - 1e-9);
        expect(both).toBeLessThanOrEqual(Math.max(own(a), own(b)) + 1e-9);
      }),
    );
  });

  it('is the mean of two segments of equal weight', () => {
    const [much, little] = [
      { weight: 800, total: 1000 },
      { weight: 0, total: 1000 },
    ];
    const mean = (Math.log(shrunkShare(much, 0.2) / 0.2) + Math.log(shrunkShare(little, 0.2) / 0.2)) / 2;
    expect(segmentLift([much, little], 0.2)).toBeCloseTo(mean, 12);
    expect(segmentLift([], 0.2)).toBe(0);
  });
});

describe('items popular in the visitor’s segments', () => {
  const blend = (segments: LiveItem[][], live: LiveItem[] = [], limit = 50) =>
    blendSegments(engine, segments, { items: live, interactions }, limit);
  const live = () => fc.sample(weightsOf(engine), { seed: 1, numRuns: 1 })[0];

  it('are exactly the popular items of all visitors without events in the segments', () => {
    for (const items of [[], live()]) {
      const global = blendPopular(engine, items, interactions, { limit: 50, offset: 0 });
      for (const segments of [[], [[]], [[], []], [[{ id: 'gone', weight: 50 }]]]) {
        expect(ids(blend(segments, items))).toEqual(ids(global));
      }
      expect(blend([], items).map(({ level }) => level)).toEqual(
        global.map(({ level }) => (level === 'live' ? 'popular' : 'prior')),
      );
    }
  });

  it('have the segment’s own order with very many events, and its level', () => {
    const own = ids(engine.popular(10, 800)).map((id, i) => ({ id, weight: (10 - i) * 1e7 }));
    const list = blend([own], live());
    expect(ids(list.slice(0, 10))).toEqual(ids(own));
    expect(new Set(list.slice(0, 10).map(({ level }) => level))).toEqual(new Set(['segment']));
    expect(list.slice(10).some(({ level }) => level === 'segment')).toBe(false);
  });

  it('include items that the segment prefers, the higher the more events it has', () => {
    const [raised] = ids(engine.popular(1, 60));
    const rest = ids(engine.popular(20)).map((id) => ({ id, weight: 1 }));
    const rank = (scale: number) =>
      ids(
        blend([[{ id: raised, weight: 20 * scale }, ...rest.map(({ id }) => ({ id, weight: scale }))]], [], 200),
      ).indexOf(raised);
    const ranks = [0, 1, 10, 1000].map(rank);
    expect(ranks[0]).toBe(60);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(ranks.at(-1)).toBe(0);
  });

  it('are as many as requested, each once, for any weights', () => {
    const weights = weightsOf(engine);
    fc.assert(
      fc.property(
        fc.array(weights, { maxLength: 3 }),
        weights,
        fc.integer({ min: 1, max: 100 }),
        (segments, live, limit) => {
          const list = blend(segments, live, limit);
          expect(new Set(ids(list)).size).toBe(limit);
          // Items without live weight keep their global order.
          const named = new Set([...segments, live].flatMap(ids));
          const unnamed = ids(list).filter((id) => !named.has(id));
          expect(unnamed).toEqual(ids(engine.popular(1000)).filter((id) => unnamed.includes(id)));
        },
      ),
      { numRuns: 30 },
    );
  });
});

/** Live weights of some items, with unknown ids among them. */
const weightsOf = (engine: Engine) =>
  fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('gone', ...ids(engine.popular(1000))),
      weight: fc.double({ min: 0.001, max: 1e5, noNaN: true }),
    }),
    { selector: ({ id }) => id, maxLength: 40 },
  );

describe('segments', () => {
  it('exist for each field of the profile that is set', () => {
    expect(segmentsOf({ ageBand: '25–34', region: 'NL', language: 'nl' })).toEqual([
      'age:25–34',
      'region:NL',
      'language:nl',
    ]);
    expect(segmentsOf({ ageBand: null, language: 'en' })).toEqual(['language:en']);
    expect(segmentsOf({})).toEqual([]);
  });

  it.each([{ name: 'PGlite', url: undefined }, ...(POSTGRES ? [{ name: 'Postgres', url: POSTGRES.newDatabase }] : [])])(
    'are read from $name with their current weights, separately for each domain',
    async ({ name, url }) => {
      vi.stubEnv('INKPICK_DATA', 'memory');
      vi.stubEnv('DATABASE_URL', (await url?.()) ?? '');
      // Segments are cached for some seconds, whichever store they are from.
      const segment = `region:${name === 'PGlite' ? 'NL' : 'BE'}`;
      const before = Date.now() - halfLife('month');
      const row = (domain: string, segment: string, item: string, weight: number) => ({
        domain,
        segment,
        item,
        logWeight: logWeight(weight, before, halfLife('month')),
      });
      await store().run((db) =>
        db
          .insert(segmentTrend)
          .values([
            row('courses', segment, 'a', 40),
            row('courses', segment, 'b', 60),
            row('courses', 'region:XX', 'c', 99),
            row('cinema', segment, 'd', 99),
          ]),
      );
      const region = segment.slice('region:'.length);
      const join = (count: number) =>
        store().run((db) =>
          db.insert(visitor).values(Array.from({ length: count }, () => ({ id: randomUUID(), region }))),
        );
      await join(MIN_SEGMENT_VISITORS - 1);
      // Too few visitors for a trend that reveals no one.
      expect(await segmentItems('courses', segment, 10)).toEqual([]);
      await join(1);
      const found = await readSegment('courses', segment);
      expect(ids(found)).toEqual(['b', 'a']);
      expect(found.map(({ weight }) => Math.round(weight))).toEqual([30, 20]);
      expect(await readSegment('courses', `${segment}X`)).toEqual([]);
      await store().close();
    },
  );
});
