import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newItem, type TinyParts, tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY } from '../../../testing/tiny-domain';
import { MODES, type RecommendRequest } from '../../contracts/engine';
import type { PublishedItem } from '../../contracts/live-signals';
import type { Engine } from '../engine';
import { Additions } from './additions';

let parts: TinyParts;
let engine: Engine;
beforeAll(async () => {
  parts = await tinyParts();
});
beforeEach(() => {
  engine = parts.whole();
});

const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: likes(4, 10, 16),
  topK: 20,
  ...changes,
});
const idsOf = (of: Engine, changes: Partial<RecommendRequest> = {}) =>
  of.recommend(request(changes)).items.map(({ id }) => id);
const hits = (of: Engine, query: string, limit = 8) => of.search(query, limit).hits.map(({ id, match }) => [id, match]);
/** Responses of every public method of an engine that depend on its items. */
const responses = (of: Engine) => [
  ...MODES.map((mode) => of.recommend(request({ mode, topK: 100, history: [...likes(4, 9), { id: 'n0' }] }))),
  of.popular(100),
  of.items(['n0', 'n1', 'n2', 't3', 't57', 'fresh-n1']),
  of.search('amber', 30).hits,
  of.search('zephir', 30).hits,
  of.interestItems('even', 40),
  of.askNext({ answers: likes(4), count: 10 }),
];

describe('an added item', () => {
  it('has a summary like any other, under its own and its external ids', () => {
    engine.addItems([newItem('n0', 'Even', { tags: { genres: ['Even'], moods: ['Calm'] } })]);
    const expected = {
      id: 'n0',
      title: 'Zephyr amber n0',
      year: 1990,
      creators: ['Ada Even 1'],
      tags: ['Even', 'Calm'],
      external: { sku: 'fresh-n0' },
      links: { shop: 'https://shop.example/fresh-n0' },
      popularity: 0,
    };
    expect(engine.items(['n0', 'fresh-n0', 'sku:fresh-n0'])).toEqual([expected, expected, expected]);
    expect(engine.knows('n0')).toBe(true);
    expect(engine.popular(100).at(-1)).toEqual(expected);
  });

  it('is found in search by whole words, prefixes, misspelt words and creators', () => {
    engine.addItems([newItem('n0', 'Even', { title: 'Quetzal lagoon', creators: ['Wanda Quill'] })]);
    expect(hits(engine, 'quetzal lagoon')[0]).toEqual(['n0', 'exact']);
    expect(hits(engine, 'quetz')[0]).toEqual(['n0', 'prefix']);
    expect(hits(engine, 'quetsal lagon')[0]).toEqual(['n0', 'fuzzy']);
    expect(hits(engine, 'wanda quill')[0]).toEqual(['n0', 'exact']);
    expect(hits(engine, '1990 quetzal')[0][0]).toBe('n0');
  });

  it('ranks in search like an item of the build without interactions', () => {
    const [before] = engine.search('amber', 30).hits;
    engine.addItems([newItem('n0', 'Even', { title: 'Something amber' })]);
    const after = hits(engine, 'amber', 30).map(([id]) => id);
    expect(after).toContain('n0');
    expect(after[0]).toBe(before.id);
  });

  it('is recommended to users of its taste, with reasons, one of which is that it is new', () => {
    engine.addItems([newItem('even', 'Even'), newItem('odd', 'Odd')]);
    for (const mode of ['content', 'collaborative'] as const) {
      const { items } = engine.recommend(request({ mode, topK: TINY.items }));
      const place = (id: string) => items.findIndex((item) => item.id === id);
      expect(place('even'), mode).toBeLessThan(place('odd'));
      const { reasons, terms, score } = items[place('even')];
      expect(reasons[0].kind).toBe('history');
      expect(reasons.at(-1)).toEqual({ kind: 'new', publishedAt: 1_700_000_000 });
      expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 9);
    }
    expect(idsOf(engine, { mode: 'content', topK: 12 })).toContain('even');
  });

  it('is evidence in a history like an item of the build', () => {
    engine.addItems([newItem('even', 'Even')]);
    const { items, unknown } = engine.recommend(request({ history: [{ id: 'even' }], alpha: 0.5 }));
    expect(unknown).toEqual([]);
    expect(items[0].reasons[0]).toMatchObject({ kind: 'history', id: 'even', title: 'Zephyr amber even' });
    expect(items.filter(({ tags }) => tags.includes('Even')).length).toBeGreaterThan(14);
    expect(items.map(({ id }) => id)).not.toContain('even');
    expect(engine.similarity('even', 't4')).toBeGreaterThan(engine.similarity('even', 't7'));
  });

  it('has its published factors, or those of the item tower where their dimensions do not fit', () => {
    const { dims } = parts.manifest.training.latent;
    const given = request({ history: [{ id: 'n0' }], mode: 'collaborative' });
    const factorsWith = (item: PublishedItem) => {
      engine.addItems([item]);
      return engine.session(given).userFactors()!;
    };
    const byTower = factorsWith(newItem('n0', 'Even'));
    const published = factorsWith(newItem('n0', 'Even', { factors: Array.from({ length: dims }, (_, d) => d / dims) }));
    expect(published).not.toEqual(byTower);
    expect(factorsWith(newItem('n0', 'Even', { factors: Array(dims + 1).fill(1) }))).toEqual(byTower);
  });

  it('is retrieved by its factors wherever it would rank among all items', () => {
    const { dims } = parts.manifest.training.latent;
    const factor = fc.double({ min: -2, max: 2, noNaN: true });
    const factorLists = fc.array(fc.array(factor, { minLength: dims, maxLength: dims }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(factorLists, fc.subarray([2, 5, 9, 16, 30], { minLength: 1 }), (factors, liked) => {
        const of = parts.whole();
        of.addItems(factors.map((given, i) => newItem(`n${i}`, 'Even', { factors: given })));
        const options = { weights: { latent: 1 } };
        const allIds = of.popular(100).map(({ id }) => id);
        const given = request({ history: likes(...liked), topK: 8 });
        const all = of.recommend({ ...given, candidates: allIds, topK: 80 }, options).items;
        const seen = new Set(likes(...liked).map(({ id }) => id));
        const expected = all.filter(({ id }) => !seen.has(id)).slice(0, 8);
        expect(of.recommend(given, options).items).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('can be one of two thousand', () => {
    engine.addItems(Array.from({ length: 2000 }, (_, i) => newItem(`n${i}`, i % 2 ? 'Odd' : 'Even')));
    expect(engine.popular(5000)).toHaveLength(TINY.items + 2000);
    expect(hits(engine, 'zephyr amber n1234')[0][0]).toBe('n1234');
    const { items, stats } = engine.recommend(request({ mode: 'content', topK: 1000 }));
    expect(stats.itemsSearched).toBe(TINY.items + 2000);
    expect(items.filter(({ id }) => id.startsWith('n')).length).toBeGreaterThan(500);
  });
});

describe('addItems', () => {
  it('changes nothing where the same items are added again', () => {
    const items = [newItem('n0', 'Even'), newItem('n1', 'Odd')];
    engine.addItems(items);
    const before = responses(engine);
    engine.addItems(structuredClone(items));
    expect(responses(engine)).toEqual(before);
  });

  it('replaces an item that was added under the same id', () => {
    engine.addItems([newItem('n0', 'Odd', { title: 'Quetzal' })]);
    engine.addItems([newItem('n0', 'Even', { title: 'Lagoon' })]);
    const once = parts.whole();
    once.addItems([newItem('n0', 'Even', { title: 'Lagoon' })]);
    expect(responses(engine)).toEqual(responses(once));
    expect(hits(engine, 'quetzal')).toEqual([]);
  });

  it('does not change items of the build', () => {
    const before = responses(engine);
    engine.addItems([newItem('t4', 'Odd', { title: 'Quetzal' })]);
    expect(responses(engine)).toEqual(before);
    expect(hits(engine, 'quetzal')).toEqual([]);
  });

  it('does not take an external id from an item of the build', () => {
    engine.addItems([newItem('n0', 'Odd', { external: { sku: 'sku004' } })]);
    expect(engine.items(['sku004'])[0].id).toBe('t4');
    expect(['sku004', 't4', 'unknown'].map((id) => engine.ownId(id))).toEqual(['t4', 't4', undefined]);
  });

  it('has the same effect before and after the tail is attached', () => {
    const early = parts.headOnly();
    early.addItems([newItem('n0', 'Even'), newItem('t57', 'Even')]);
    early.withdraw(['t58', 't3']);
    expect(early.isWhole).toBe(false);
    expect(early.knows('n0')).toBe(true);
    expect(early.recommend(request({ mode: 'content', topK: 80 })).items.map(({ id }) => id)).toContain('n0');
    early.attachTail(parts.tail);
    expect(early.isWhole).toBe(true);
    engine.addItems([newItem('n0', 'Even')]);
    engine.withdraw(['t58', 't3']);
    expect(responses(early)).toEqual(responses(engine));
  });
});

describe('a withdrawn item', () => {
  it('is in no response and reported as unknown, whether it was built or added', () => {
    engine.addItems([newItem('n0', 'Even')]);
    const before = { popular: engine.popular(100).length, hits: hits(engine, 'amber', 100).length };
    engine.withdraw(['n0', 't4', 't0']);
    const withdrawn = ['n0', 't4', 't0'];
    expect(engine.items([...withdrawn, 'sku004', 'fresh-n0'])).toEqual([]);
    expect(engine.popular(100)).toHaveLength(before.popular - 3);
    expect([...engine.popular(3), ...engine.popular(3, 3)]).toEqual(engine.popular(6));
    expect(hits(engine, 'amber', 100).length).toBeLessThan(before.hits);
    const { unknown } = engine.recommend(request({ history: withdrawn.map((id) => ({ id })), hidden: ['t4'] }));
    expect(new Set(unknown)).toEqual(new Set(withdrawn));
    expect(idsOf(engine, { candidates: [...withdrawn, 't6'] })).toEqual(['t6']);
    for (const response of responses(engine))
      for (const id of withdrawn) expect(JSON.stringify(response)).not.toContain(`"id":"${id}"`);
  });

  it('can have an id that the catalog does not have', () => {
    engine.withdraw(['n0']);
    expect(responses(engine)).toEqual(responses(parts.whole()));
  });

  it('is restored when it is published again', () => {
    const before = responses(engine);
    engine.withdraw(['t4']);
    expect(responses(engine)).not.toEqual(before);
    engine.addItems([newItem('t4', 'Even')]);
    expect(responses(engine)).toEqual(before);
  });
});

describe('a sequence of additions and withdrawals', () => {
  const step = fc.oneof(
    fc.record({
      add: fc.array(
        fc.tuple(fc.constantFrom('n0', 'n1', 'n2', 't5'), fc.constantFrom('Even' as const, 'Odd' as const)),
        { maxLength: 3 },
      ),
    }),
    fc.record({ withdraw: fc.subarray(['n0', 'n1', 'n2', 't4', 't5', 't57']) }),
  );

  it('has the same result as adding and withdrawing its outcome once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const stepwise = parts.whole();
        const outcome = new Additions();
        for (const each of steps) {
          if ('add' in each) {
            const items = each.add.map(([id, taste]) => newItem(id, taste));
            stepwise.addItems(items);
            outcome.add(items);
          } else {
            stepwise.withdraw(each.withdraw);
            outcome.withdraw(each.withdraw);
          }
          // Its caches and its search index must not affect later responses.
          stepwise.recommend(request());
          stepwise.search('zephyr', 3);
        }
        const once = parts.whole();
        once.addItems(outcome.items);
        once.withdraw([...outcome.withdrawnIds]);
        expect(responses(stepwise)).toEqual(responses(once));
      }),
      { numRuns: 30 },
    );
  });

  it('has the same result wherever the tail is attached in the sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), fc.nat(5), (steps, position) => {
        const engines = [0, position].map((tailAt) => {
          const of = parts.headOnly();
          [...steps, null].forEach((each, i) => {
            if (i === Math.min(tailAt, steps.length)) of.attachTail(parts.tail);
            if (each === null) return;
            if ('add' in each) of.addItems(each.add.map(([id, taste]) => newItem(id, taste)));
            else of.withdraw(each.withdraw);
          });
          return of;
        });
        expect(responses(engines[1])).toEqual(responses(engines[0]));
      }),
      { numRuns: 20 },
    );
  });
});
