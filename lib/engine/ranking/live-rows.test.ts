import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY } from '../../../testing/tiny-domain';
import { MODES, type RecommendRequest } from '../../contracts/engine';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Engine } from '../engine';
import { audienceOver } from './fresh-items';

/** Two tastes of new items; the last is withdrawn. */
const NEW = ['n0', 'n1', 'n2', 'n3', 'n4'];
const WITHDRAWN = 'n4';

let engine: Engine;
beforeAll(async () => {
  engine = (await tinyParts()).whole();
  engine.addItems(NEW.map((id, i) => newItem(id, i % 2 ? 'Odd' : 'Even')));
  engine.withdraw([WITHDRAWN]);
});

const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
const nothing: LiveSignals = { trending: [], friends: [], fresh: [], baseRate: 0.05 };
const share = (changes: Partial<LiveSignals>): LiveSignals => ({ ...nothing, ...changes });
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: likes(4, 10),
  topK: 20,
  ...changes,
});
const fresh = (...ids: string[]) => ids.map((id) => ({ id, impressions: 0, clicks: 0 }));

const id = fc.oneof(
  { weight: 6, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
  { weight: 3, arbitrary: fc.constantFrom(...NEW) },
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

describe('every list with shared signals', () => {
  it('is of distinct, allowed items, whose scores are the sum of their terms', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items, unknown } = engine.recommend(given);
        const ids = items.map((item) => item.id);
        const own = (names: string[] = []) => engine.items(names).map((item) => item.id);
        const excluded = new Set([...own(given.history.map((entry) => entry.id)), ...own(given.hidden), WITHDRAWN]);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((name) => excluded.has(name))).toEqual([]);
        expect(ids).toHaveLength(Math.min(given.topK, TINY.items + NEW.length - excluded.size));
        for (const { score, terms, reasons } of items) {
          expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(score);
          const shares = reasons.flatMap((reason) => ('share' in reason ? [reason.share] : []));
          expect(shares.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
        // Ids that are shared are about all versions of the catalog, and none of the visitor's own.
        const named = new Set([...given.history.map((entry) => entry.id), ...(given.hidden ?? [])]);
        expect(unknown.filter((name) => !named.has(name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is ranked by score but for the places that are kept for fresh items', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items } = engine.recommend({ ...given, diversity: 0 });
        const ranked = items.filter(({ slot }) => slot === undefined).map(({ score }) => score);
        expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
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

  it('is the same where the request confines itself to the candidates', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const candidates = engine.session(given).candidates();
        expect(engine.recommend({ ...given, candidates }).items).toEqual(engine.recommend(given).items);
      }),
      { numRuns: 100 },
    );
  });

  it('is as without them where they are empty, or about nothing that is known', () => {
    fc.assert(
      fc.property(anyRequest, ({ live: _, ...given }) => {
        const plain = engine.recommend(given);
        expect(engine.recommend({ ...given, live: nothing })).toEqual(plain);
        const elsewhere = share({
          trending: [{ id: 'gone', weight: 9 }],
          friends: [{ id: WITHDRAWN, weight: 9, names: ['Ana'] }],
          fresh: fresh('gone', WITHDRAWN),
        });
        expect(engine.recommend({ ...given, live: elsewhere })).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what is trending', () => {
  const live = share({
    trending: [
      { id: 't50', weight: 9000 },
      { id: 'n1', weight: 4000 },
    ],
  });

  it('is among the popular items, and says so', () => {
    const { items } = engine.recommend(request({ mode: 'popular', history: [], live }));
    expect(items.slice(0, 2).map((item) => [item.id, item.reasons[0]])).toEqual([
      ['t50', { kind: 'trending', rank: 1 }],
      ['n1', { kind: 'trending', rank: 2 }],
    ]);
    expect(items[2].reasons[0].kind).toBe('popular');
  });

  it('moves the popular term of its own items alone, in every mode that has one', () => {
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

  it('does not move content and collaborative lists', () => {
    for (const mode of ['content', 'collaborative'] as const)
      expect(engine.recommend(request({ mode, live })).items).toEqual(engine.recommend(request({ mode })).items);
  });
});

describe('what friends liked', () => {
  const live = share({ friends: [{ id: 't41', weight: 2, names: ['Ana', 'Bo'] }] });

  it('adds a term to the score, and a reason', () => {
    const find = (signals?: LiveSignals) =>
      engine.recommend(request({ topK: 70, live: signals })).items.find((item) => item.id === 't41')!;
    const [before, after] = [find(), find(live)];
    const social = after.terms.find(({ signal }) => signal === 'social')!;
    expect(social.contribution).toBeGreaterThan(0);
    expect(after.score).toBeCloseTo(before.score + social.contribution, 9);
    expect(after.terms.filter(({ signal }) => signal !== 'social')).toEqual(before.terms);
    expect(after.reasons).toContainEqual({ kind: 'friends', names: ['Ana', 'Bo'], count: 2 });
  });

  it('says nothing of other items, nor in other modes', () => {
    for (const item of engine.recommend(request({ topK: 70, live })).items) {
      if (item.id === 't41') continue;
      expect(item.terms.find(({ signal }) => signal === 'social')?.contribution).toBe(0);
      expect(item.reasons.map(({ kind }) => kind)).not.toContain('friends');
    }
    for (const mode of ['popular', 'content', 'collaborative'] as const)
      expect(engine.recommend(request({ mode, live })).items).toEqual(engine.recommend(request({ mode })).items);
  });

  it('brings a newcomer’s list to them', () => {
    const many = share({ friends: [{ id: 't41', weight: 15, names: ['Ana', 'Bo'] }] });
    const { items } = engine.recommend(request({ history: [], live: many }));
    expect(items[0].id).toBe('t41');
    expect(items[0].reasons[0].kind).toBe('friends');
  });

  it('counts once for an item that is named twice, by whatever name', () => {
    const twice = share({
      friends: [
        { id: 't41', weight: 1, names: ['Ana'] },
        { id: 'sku041', weight: 1, names: ['Ana', 'Bo'] },
      ],
    });
    expect(engine.recommend(request({ live: twice })).items).toEqual(engine.recommend(request({ live })).items);
  });
});

describe('fresh items', () => {
  it('are at the 6th and the 16th place, and say that they are new before all else', () => {
    const { items } = engine.recommend(request({ mode: 'hybrid', live: share({ fresh: fresh(...NEW) }) }));
    for (const place of [6, 16]) {
      expect(items[place - 1].slot).toBe('fresh');
      expect(items[place - 1].reasons[0]).toEqual({ kind: 'new', publishedAt: 1_700_000_000 });
    }
    expect(items.filter(({ slot }) => slot).length).toBe(2);
  });

  it('change places from one seed to the next, and leave the others in order', () => {
    const drawn = new Set<string>();
    const live = share({ fresh: fresh(...NEW) });
    const others = (seed: number) => {
      const { items } = engine.recommend(request({ live, seed }));
      drawn.add(items.find(({ slot }) => slot === 'fresh')!.id);
      return items.filter(({ slot }) => !slot).map((item) => item.id);
    };
    const first = others(0);
    for (let seed = 1; seed < 40; seed++) expect(others(seed)).toEqual(first);
    expect(drawn.size).toBeGreaterThan(1);
    expect(drawn).not.toContain(WITHDRAWN);
  });

  it('are drawn the more often, the better they are liked and the more they are of the visitor’s taste', () => {
    const timesFirst = (signals: LiveSignals) => {
      const times: Record<string, number> = { n0: 0, n1: 0 };
      for (let seed = 0; seed < 200; seed++)
        times[engine.recommend(request({ live: signals, seed, history: likes(4, 10, 16) })).items[5].id]++;
      return times;
    };
    // The history is of even taste, and so is n0.
    const even = timesFirst(share({ fresh: fresh('n0', 'n1') }));
    expect(even.n0).toBeGreaterThan(even.n1);
    expect(even.n1).toBeGreaterThan(0);
    const liked = timesFirst(
      share({
        fresh: [
          { id: 'n0', impressions: 20, clicks: 0 },
          { id: 'n1', impressions: 20, clicks: 2 },
        ],
      }),
    );
    expect(liked.n1).toBeGreaterThan(even.n1);
  });

  it('that have had their audience compete on their own merits', () => {
    const over = share({
      fresh: [
        { id: 'n0', impressions: 40, clicks: 0 },
        { id: 'n2', impressions: 50, clicks: 10 },
      ],
    });
    expect(engine.recommend(request({ live: over })).items).toEqual(engine.recommend(request()).items);
  });

  it('are none that a request does not name among its candidates', () => {
    const candidates = Array.from({ length: 20 }, (_, n) => `t${20 + n}`);
    const given = request({ candidates, live: share({ fresh: fresh('n0') }) });
    expect(engine.recommend(given).items.map((item) => item.id)).not.toContain('n0');
    const named = engine.recommend({ ...given, topK: 10, candidates: [...candidates, 'n0'] }).items;
    expect(named.map((item) => item.id)).toContain('n0');
  });
});

describe('factors of a user that were kept', () => {
  it('give the list that finding them again gives', () => {
    for (const mode of ['hybrid', 'collaborative'] as const) {
      const given = request({ mode, history: likes(4, 7, 10) });
      const listWith = (factors: Float32Array) => {
        const session = engine.session(given);
        session.setUserFactors(factors);
        return session.recommend().items;
      };
      const userFactors = engine.session(given).userFactors()!;
      expect(listWith(userFactors)).toEqual(engine.recommend(given).items);
      const other = userFactors.map((value) => -value);
      expect(listWith(other)).not.toEqual(engine.recommend(given).items);
    }
    expect(engine.session(request({ history: [] })).userFactors()).toBeNull();
  });

  it('of another model are refused', () => {
    const session = engine.session(request());
    session.setUserFactors(new Float32Array(3));
    expect(() => session.recommend()).toThrow(/^3 numbers are not the factors of a user, which are 8$/);
  });
});

describe('what to ask a newcomer', () => {
  const ask = (numbers: number[], value = 1, count = 6) =>
    engine.askNext({ answers: likes(...numbers).map((entry) => ({ ...entry, value })), count }).map((item) => item.id);
  const even = (ids: string[]) => ids.filter((name) => Number(name.slice(1)) % 2 === 0).length;

  it('begins with items of both tastes, and not with what most people choose', () => {
    const first = ask([]);
    expect(first).toHaveLength(6);
    expect(even(first)).toBeGreaterThan(0);
    expect(even(first)).toBeLessThan(6);
    expect(first[0]).not.toBe(engine.popular(1)[0].id);
  });

  it('hangs on the answers', () => {
    expect(ask([4, 10, 16])).not.toEqual(ask([5, 11, 17]));
    expect(ask([4, 10, 16], -1)).not.toEqual(ask([4, 10, 16]));
    // What one does not know says nothing of one's taste, and is not asked again.
    expect(ask([4], 0)).not.toContain('t4');
  });

  it('never asks again, nor about what is to be skipped, withdrawn or unknown', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(TINY.items - 1), { maxLength: 50 }),
        fc.array(id, { maxLength: 9 }),
        (asked, skip) => {
          const ids = engine
            .askNext({ answers: likes(...asked), skip, interests: ['even'], count: 8 })
            .map((item) => item.id);
          expect(new Set(ids).size).toBe(ids.length);
          const closed = new Set([...likes(...asked), ...engine.items(skip)].map((item) => item.id));
          expect(ids.filter((name) => closed.has(name) || name.startsWith('n'))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
