import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, tinyParts } from '../../testing/engine/tiny-engine';
import { TINY } from '../../testing/tiny-domain';
import { MODES, type RecommendRequest } from '../contracts/engine';
import type { LiveSignals } from '../contracts/live-signals';
import type { Engine } from './engine';
import { audienceOver } from './ranking/fresh-items';

/** New items of alternating taste; the last one is withdrawn. */
const NEW_IDS = ['n0', 'n1', 'n2', 'n3', 'n4'];
const WITHDRAWN = 'n4';

let engine: Engine;
beforeAll(async () => {
  engine = (await tinyParts()).whole();
  engine.addItems(NEW_IDS.map((id, i) => newItem(id, i % 2 ? 'Odd' : 'Even')));
  engine.withdraw([WITHDRAWN]);
});

const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
const noSignals: LiveSignals = { trending: [], friends: [], fresh: [], baseRate: 0.05 };
const liveSignals = (changes: Partial<LiveSignals>): LiveSignals => ({ ...noSignals, ...changes });
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: likes(4, 10),
  topK: 20,
  ...changes,
});

const id = fc.oneof(
  { weight: 6, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
  { weight: 3, arbitrary: fc.constantFrom(...NEW_IDS) },
  { weight: 1, arbitrary: fc.constantFrom('gone', 'sku003') },
);
const weight = fc.double({ min: 0, max: 300, noNaN: true });
const anyLive: fc.Arbitrary<LiveSignals> = fc.record({
  trending: fc.array(fc.record({ id, weight }), { maxLength: 8 }),
  friends: fc.array(fc.record({ id, weight, names: fc.subarray(['Ana', 'Bo']) }), { maxLength: 8 }),
  fresh: fc.array(fc.record({ id, impressions: fc.nat(60), clicks: fc.nat(5) }), { maxLength: 8 }),
  baseRate: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const anyRequest: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    mode: fc.constantFrom(...MODES),
    history: fc.array(fc.record({ id, value: fc.double({ min: -1, max: 1, noNaN: true }) }), { maxLength: 12 }),
    interests: fc.subarray(['even', 'third-0']),
    hidden: fc.array(id, { maxLength: 5 }),
    topK: fc.integer({ min: 1, max: 70 }),
    diversity: fc.constantFrom(0, 0.3),
    seed: fc.nat(1000),
    live: anyLive,
  },
  { requiredKeys: ['mode', 'history', 'topK', 'live'] },
);

describe('a list with live signals', () => {
  it('has distinct, allowed items whose scores are the sum of their terms', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items, unknown } = engine.recommend(given);
        const ids = items.map((item) => item.id);
        const own = (names: string[] = []) => engine.items(names).map((item) => item.id);
        const excluded = new Set([...own(given.history.map((entry) => entry.id)), ...own(given.hidden), WITHDRAWN]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((name) => excluded.has(name))).toEqual([]);
        expect(ids).toHaveLength(Math.min(given.topK, TINY.items + NEW_IDS.length - excluded.size));
        for (const { score, terms, reasons } of items) {
          expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(score);
          const shares = reasons.flatMap((reason) => ('share' in reason ? [reason.share] : []));
          expect(shares.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
        // Live signals cover all versions of the catalog, so only unknown ids of the request are reported.
        const named = new Set([...given.history.map((entry) => entry.id), ...(given.hidden ?? [])]);
        expect(unknown.filter((name) => !named.has(name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is ranked by score, apart from the places reserved for fresh items', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items } = engine.recommend({ ...given, diversity: 0 });
        const ranked = items.filter(({ slot }) => slot === undefined).map(({ score }) => score);
        // Of two to five likes and interests each gets its part of the list, whatever its items' scores.
        const positive = given.history.filter(({ value = 1 }) => value > 0).length + (given.interests?.length ?? 0);
        if (positive < 2) expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
        const places = items.flatMap(({ slot }, i) => (slot === 'fresh' ? [i + 1] : []));
        expect(places).toEqual(places.map((_, i) => 6 + 10 * i));
        if (given.mode !== 'hybrid') expect(places).toEqual([]);
        for (const place of places) {
          const item = items[place - 1];
          const counts = given.live!.fresh.findLast((each) => engine.items([each.id])[0]?.id === item.id)!;
          expect(audienceOver(counts, given.live!.baseRate)).toBeNull();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        expect(engine.recommend(given).items).toEqual(engine.recommend(structuredClone(given)).items);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same where the request is limited to the session’s candidates', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const candidates = engine.session(given).candidates();
        expect(engine.recommend({ ...given, candidates }).items).toEqual(engine.recommend(given).items);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same as without live signals where these are empty or of unknown items only', () => {
    fc.assert(
      fc.property(anyRequest, ({ live: _, ...given }) => {
        const plain = engine.recommend(given);
        expect(engine.recommend({ ...given, live: noSignals })).toEqual(plain);
        const unknownItems = liveSignals({
          trending: [{ id: 'gone', weight: 9 }],
          friends: [{ id: WITHDRAWN, weight: 9, names: ['Ana'] }],
          fresh: ['gone', WITHDRAWN].map((id) => ({ id, impressions: 0, clicks: 0 })),
        });
        expect(engine.recommend({ ...given, live: unknownItems })).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });
});

describe('trending items', () => {
  const live = liveSignals({
    trending: [
      { id: 't50', weight: 9000 },
      { id: 'n1', weight: 4000 },
    ],
  });

  it('are ranked among the popular items, with their rank as a reason', () => {
    const { items } = engine.recommend(request({ mode: 'popular', history: [], live }));
    expect(items.slice(0, 2).map((item) => [item.id, item.reasons[0]])).toEqual([
      ['t50', { kind: 'trending', rank: 1 }],
      ['n1', { kind: 'trending', rank: 2 }],
    ]);
    expect(items[2].reasons[0].kind).toBe('popular');
  });

  it('raise only their own popular term, in every mode that has one', () => {
    for (const mode of ['popular', 'hybrid'] as const) {
      const termsWith = (signals?: LiveSignals) =>
        new Map(
          engine.recommend(request({ mode, topK: 70, live: signals })).items.map((item) => [item.id, item.terms]),
        );
      const [before, after] = [termsWith(), termsWith(live)];
      for (const [name, terms] of after) {
        if (name !== 't50' && name !== 'n1') expect(terms).toEqual(before.get(name));
        else
          for (const [i, term] of terms.entries()) {
            if (term.signal === 'popular') expect(term.z).toBeGreaterThan(before.get(name)![i].z);
            else expect(term).toEqual(before.get(name)![i]);
          }
      }
    }
  });

  it('do not change content and collaborative lists', () => {
    for (const mode of ['content', 'collaborative'] as const)
      expect(engine.recommend(request({ mode, live })).items).toEqual(engine.recommend(request({ mode })).items);
  });
});

describe('friends’ likes', () => {
  const live = liveSignals({ friends: [{ id: 't41', weight: 2, names: ['Ana', 'Bo'] }] });

  it('add a term to the score, and a reason', () => {
    const find = (signals?: LiveSignals) =>
      engine.recommend(request({ topK: 70, live: signals })).items.find((item) => item.id === 't41')!;
    const [before, after] = [find(), find(live)];
    const social = after.terms.find(({ signal }) => signal === 'social')!;
    expect(social.contribution).toBeGreaterThan(0);
    expect(after.score).toBeCloseTo(before.score + social.contribution, 9);
    expect(after.terms.filter(({ signal }) => signal !== 'social')).toEqual(before.terms);
    expect(after.reasons).toContainEqual({ kind: 'friends', names: ['Ana', 'Bo'], count: 2 });
  });

  it('add nothing to other items, nor in other modes', () => {
    for (const item of engine.recommend(request({ topK: 70, live })).items) {
      if (item.id === 't41') continue;
      expect(item.terms.find(({ signal }) => signal === 'social')?.contribution).toBe(0);
      expect(item.reasons.map(({ kind }) => kind)).not.toContain('friends');
    }
    for (const mode of ['popular', 'content', 'collaborative'] as const)
      expect(engine.recommend(request({ mode, live })).items).toEqual(engine.recommend(request({ mode })).items);
  });

  it('lead the list of a new user', () => {
    const many = liveSignals({ friends: [{ id: 't41', weight: 15, names: ['Ana', 'Bo'] }] });
    const { items } = engine.recommend(request({ history: [], live: many }));
    expect(items[0].id).toBe('t41');
    expect(items[0].reasons[0].kind).toBe('friends');
  });

  it('are summed for an item that is listed twice, by own and external id', () => {
    const twice = liveSignals({
      friends: [
        { id: 't41', weight: 1, names: ['Ana'] },
        { id: 'sku041', weight: 1, names: ['Ana', 'Bo'] },
      ],
    });
    expect(engine.recommend(request({ live: twice })).items).toEqual(engine.recommend(request({ live })).items);
  });
});
