import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTinyArtifacts, TINY } from '../../pipeline/testing/tiny-domain';
import { loadEngineFromFolder } from '../artifacts/node';
import { MAX_HISTORY, MODES, type RecommendRequest } from '../contracts/engine';
import type { Engine } from './engine';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngineFromFolder(join(await buildTinyArtifacts(), 'tiny'));
});

const everything = Array.from({ length: TINY.items }, (_, n) => `t${n}`);
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: [],
  topK: 10,
  ...changes,
});
const idsOf = (changes: Partial<RecommendRequest>) => engine.recommend(request(changes)).items.map(({ id }) => id);
const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));

const id = fc.oneof(
  { weight: 9, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('gone', '', 'sku003') },
);
const anyRequest: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    mode: fc.constantFrom(...MODES),
    history: fc.array(fc.record({ id, value: fc.double({ min: -1, max: 1, noNaN: true }) }), { maxLength: 25 }),
    interests: fc.subarray(['even', 'odd', 'third-0', 'unheard-of']),
    hidden: fc.array(id, { maxLength: 5 }),
    candidates: fc.array(id, { maxLength: 30 }),
    topK: fc.integer({ min: 1, max: 80 }),
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
    diversity: fc.constantFrom(0, 0.3, 1),
  },
  { requiredKeys: ['mode', 'history', 'topK'] },
);

describe('every recommendation', () => {
  it('is a list of distinct, allowed items with finite scores that are the sum of their terms', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items, unknown, stats, alpha, alphaAuto } = engine.recommend(given);
        const rows = items.map((item) => item.id);
        expect(new Set(rows).size).toBe(rows.length);
        const own = (ids: string[] = []) => engine.items(ids).map((item) => item.id);
        const seen = own(given.candidates ? [] : given.history.map((entry) => entry.id));
        const excluded = new Set([...seen, ...own(given.hidden)]);
        const allowed = new Set(own(given.candidates ?? everything).filter((row) => !excluded.has(row)));
        expect(rows.filter((row) => !allowed.has(row))).toEqual([]);
        expect(rows).toHaveLength(Math.min(given.topK, allowed.size));
        for (const item of items) {
          expect(Number.isFinite(item.score)).toBe(true);
          expect(item.terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(item.score, 9);
          for (const { weight, z, contribution } of item.terms) expect(weight * z).toBeCloseTo(contribution, 12);
          const shares = item.reasons.flatMap((reason) => (reason.kind === 'popular' ? [] : [reason.share]));
          expect(shares.every((share) => share > 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
        if (!given.diversity)
          expect(items.map(({ score }) => score)).toEqual(items.map(({ score }) => score).sort((a, b) => b - a));
        expect(unknown.filter((name) => !['gone', '', 'unheard-of'].includes(name))).toEqual([]);
        expect(stats.candidates).toBeGreaterThanOrEqual(items.length);
        expect(alpha).toBeGreaterThanOrEqual(0);
        expect(alpha).toBeLessThanOrEqual(1);
        expect(alphaAuto).toBe(given.mode === 'hybrid' && given.alpha === undefined);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same request', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const [first, second] = [engine.recommend(given), engine.recommend(given)];
        expect(second.items).toEqual(first.items);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the history', () => {
  it('counts the last word on an item that is named twice, by whatever name', () => {
    const disliked = [...likes(4, 6), { id: 't7', value: -1 }];
    expect(idsOf({ history: [{ id: 'sku007', value: 1 }, ...disliked] })).toEqual(idsOf({ history: disliked }));
  });

  it('takes a value of nought for having been seen, and nothing more', () => {
    const seen = idsOf({ history: [...likes(4), { id: 't6', value: 0 }] });
    expect(seen).toEqual(idsOf({ history: likes(4), hidden: ['t6'] }));
  });

  it('weighs strong likes above weak ones', () => {
    const odd = (history: { id: string; value?: number }[]) =>
      idsOf({ history, mode: 'content' }).filter((name) => Number(name.slice(1)) % 2).length;
    expect(
      odd([
        { id: 't4', value: 1 },
        { id: 't5', value: 0.1 },
      ]),
    ).toBeLessThan(
      odd([
        { id: 't4', value: 0.1 },
        { id: 't5', value: 1 },
      ]),
    );
  });

  it('may be as long as is allowed, most of it unknown', () => {
    const history = [...Array.from({ length: MAX_HISTORY - 3 }, (_, n) => ({ id: `old${n}` })), ...likes(4, 6, 8)];
    const { items, unknown } = engine.recommend(request({ history }));
    expect(unknown).toHaveLength(MAX_HISTORY - 3);
    expect(items.map((item) => item.id)).toEqual(idsOf({ history: likes(4, 6, 8) }));
  });

  it('may hold everything there is', () => {
    const history = likes(...Array(TINY.items).keys());
    expect(idsOf({ history })).toEqual([]);
    expect(idsOf({ history, candidates: ['t3'] })).toEqual(['t3']);
  });

  it('of nothing but dislikes still gives a list, away from them', () => {
    const ids = (value: number) => idsOf({ history: [5, 7, 9, 11].map((n) => ({ id: `t${n}`, value })) });
    const odd = (names: string[]) => names.filter((name) => Number(name.slice(1)) % 2).length;
    expect(ids(-1)).toHaveLength(10);
    expect(odd(ids(-1))).toBeLessThan(odd(ids(1)) / 2);
  });

  it('of a cold item is read by its content', () => {
    const cold = `t${TINY.items - 2}`;
    const { items, alpha } = engine.recommend(request({ history: [{ id: cold }] }));
    expect(alpha).toBe(1);
    expect(items[0].reasons[0]).toMatchObject({ kind: 'history', id: cold });
    // Who chose it is unknown, so that the collaborative mode has only popularity to go by.
    expect(idsOf({ history: [{ id: cold }], mode: 'collaborative' })).toEqual(idsOf({ mode: 'popular' }));
  });
});

describe('α and diversity', () => {
  it('at its ends ranks by content or by others alone, the prior aside', () => {
    const ranking = (alpha: number) => {
      const { items } = engine.recommend(request({ history: likes(4, 10), alpha, topK: 60 }));
      return items.map(({ terms }) => terms.filter(({ signal }) => signal !== 'popular').map(({ signal }) => signal));
    };
    for (const signals of ranking(1)) expect(signals).toEqual(['content']);
    for (const signals of ranking(0)) expect(signals).toEqual(['latent']);
    for (const signals of ranking(0.5)) expect(signals).toEqual(['content', 'latent']);
  });

  it('falls by itself as likes accumulate', () => {
    const alphas = [1, 5, 20].map(
      (count) => engine.recommend(request({ history: likes(...Array(count).keys()) })).alpha,
    );
    expect(alphas[0]).toBeGreaterThan(alphas[1]);
    expect(alphas[1]).toBeGreaterThan(alphas[2]);
  });

  it('makes a list less alike', () => {
    const sameTaste = (diversity: number) =>
      idsOf({ history: likes(4, 10, 16), diversity, topK: 12 }).filter((name) => Number(name.slice(1)) % 2 === 0)
        .length;
    expect(sameTaste(0.8)).toBeLessThan(sameTaste(0));
    expect(idsOf({ history: likes(4), diversity: 0.5 })[0]).toBe(idsOf({ history: likes(4) })[0]);
  });
});

describe('the truth about an answer', () => {
  it('says what was searched, and by which index', () => {
    const stats = (changes: Partial<RecommendRequest>) => engine.recommend(request(changes)).stats;
    expect(stats({ history: likes(4) })).toMatchObject({ itemsSearched: TINY.items, index: 'exact' });
    const candidates = ['t1', 't2', 'gone'];
    expect(stats({ history: likes(4), candidates })).toMatchObject({ itemsSearched: 2, candidates: 2, index: 'none' });
    for (const changes of [{ mode: 'popular' }, { mode: 'content' }, { alpha: 1 }, { history: [] }]) {
      expect(stats({ history: likes(4), ...(changes as Partial<RecommendRequest>) }).index).toBe('none');
    }
  });
});

describe('popular items', () => {
  it('come most popular first, page by page', () => {
    const all = engine.popular(TINY.items + 5);
    expect(all).toHaveLength(TINY.items);
    all.slice(1).forEach((item, i) => {
      expect(item.popularity).toBeLessThanOrEqual(all[i].popularity);
    });
    expect([...engine.popular(7), ...engine.popular(7, 7)]).toEqual(all.slice(0, 14));
    expect(engine.popular(5, TINY.items)).toEqual([]);
    expect(engine.popular(5, TINY.items + 9)).toEqual([]);
  });

  it('of an interest have it', () => {
    const [interest] = engine.info.interests;
    const items = engine.interestItems(interest.id, 6);
    expect(items).toHaveLength(6);
    for (const item of items) expect(item.tags).toContain(interest.label);
    expect(engine.interestItems('unheard-of', 6)).toEqual([]);
  });
});

describe('reasons', () => {
  it('name what the two items have in common', () => {
    const { items } = engine.recommend(request({ mode: 'content', history: likes(4), topK: 5 }));
    const [source] = engine.items(['t4']);
    for (const item of items) {
      const [reason] = item.reasons;
      if (reason.kind !== 'history') throw new Error(reason.kind);
      expect(reason).toMatchObject({ id: 't4', title: source.title, share: 1 });
      for (const term of reason.terms) {
        const has = ({ tags, creators }: typeof source) => [...tags, ...creators].includes(term);
        expect(has(source) && has(item), term).toBe(true);
      }
    }
  });

  it('can be left out', () => {
    for (const item of engine.recommend(request({ history: likes(4), withoutReasons: true })).items)
      expect(item.reasons).toEqual([]);
  });
});
