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
/** All that an engine can be asked. */
const answers = (of: Engine) => [
  ...MODES.map((mode) => of.recommend(request({ mode, topK: 100, history: [...likes(4, 9), { id: 'n0' }] }))),
  of.popular(100),
  of.items(['n0', 'n1', 'n2', 't3', 't57', 'fresh-n1']),
  of.search('amber', 30).hits,
  of.search('zephir', 30).hits,
  of.interestItems('even', 40),
  of.askNext({ answers: likes(4), count: 10 }),
];

describe('an item that was added', () => {
  it('has a summary as any other has, under each of its names', () => {
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

  it('is found by search: by whole words, beginnings, misspelt words and creators', () => {
    engine.addItems([newItem('n0', 'Even', { title: 'Quetzal lagoon', creators: ['Wanda Unheard'] })]);
    expect(hits(engine, 'quetzal lagoon')[0]).toEqual(['n0', 'exact']);
    expect(hits(engine, 'quetz')[0]).toEqual(['n0', 'prefix']);
    expect(hits(engine, 'quetsal lagon')[0]).toEqual(['n0', 'fuzzy']);
    expect(hits(engine, 'wanda unheard')[0]).toEqual(['n0', 'exact']);
    expect(hits(engine, '1990 quetzal')[0][0]).toBe('n0');
  });

  it('stands in search where an item of the build that nobody chose would', () => {
    const [before] = engine.search('amber', 30).hits;
    engine.addItems([newItem('n0', 'Even', { title: 'Something amber' })]);
    const after = hits(engine, 'amber', 30).map(([id]) => id);
    expect(after).toContain('n0');
    expect(after[0]).toBe(before.id);
  });

  it('is recommended to those of its taste, with reasons, and says that it is new', () => {
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

  it('is as good as one of the build in a history', () => {
    engine.addItems([newItem('even', 'Even')]);
    const { items, unknown } = engine.recommend(request({ history: [{ id: 'even' }], alpha: 0.5 }));
    expect(unknown).toEqual([]);
    expect(items[0].reasons[0]).toMatchObject({ kind: 'history', id: 'even', title: 'Zephyr amber even' });
    expect(items.filter(({ tags }) => tags.includes('Even')).length).toBeGreaterThan(14);
    expect(items.map(({ id }) => id)).not.toContain('even');
    expect(engine.similarity('even', 't4')).toBeGreaterThan(engine.similarity('even', 't7'));
  });

  it('has the factors that came with it, those of the item tower where none fit', () => {
    const { dims } = parts.manifest.training.latent;
    const given = request({ history: [{ id: 'n0' }], mode: 'collaborative' });
    const factorsWith = (item: PublishedItem) => {
      engine.addItems([item]);
      return engine.session(given).userFactors()!;
    };
    const byTower = factorsWith(newItem('n0', 'Even'));
    const own = factorsWith(newItem('n0', 'Even', { factors: Array.from({ length: dims }, (_, d) => d / dims) }));
    expect(own).not.toEqual(byTower);
    expect(factorsWith(newItem('n0', 'Even', { factors: Array(dims + 1).fill(1) }))).toEqual(byTower);
  });

  it('is a candidate by its factors, wherever it would rank among all', () => {
    const { dims } = parts.manifest.training.latent;
    const factor = fc.double({ min: -2, max: 2, noNaN: true });
    const some = fc.array(fc.array(factor, { minLength: dims, maxLength: dims }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(some, fc.subarray([2, 5, 9, 16, 30], { minLength: 1 }), (factors, liked) => {
        const of = parts.whole();
        of.addItems(factors.map((given, i) => newItem(`n${i}`, 'Even', { factors: given })));
        const options = { weights: { latent: 1 } };
        const everything = of.popular(100).map(({ id }) => id);
        const given = request({ history: likes(...liked), topK: 8 });
        const all = of.recommend({ ...given, candidates: everything, topK: 80 }, options).items;
        const seen = new Set(likes(...liked).map(({ id }) => id));
        const expected = all.filter(({ id }) => !seen.has(id)).slice(0, 8);
        expect(of.recommend(given, options).items).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('may be one of two thousand', () => {
    engine.addItems(Array.from({ length: 2000 }, (_, i) => newItem(`n${i}`, i % 2 ? 'Odd' : 'Even')));
    expect(engine.popular(5000)).toHaveLength(TINY.items + 2000);
    expect(hits(engine, 'zephyr amber n1234')[0][0]).toBe('n1234');
    const { items, stats } = engine.recommend(request({ mode: 'content', topK: 1000 }));
    expect(stats.itemsSearched).toBe(TINY.items + 2000);
    expect(items.filter(({ id }) => id.startsWith('n')).length).toBeGreaterThan(500);
  });
});

describe('adding', () => {
  it('the same again changes nothing', () => {
    const items = [newItem('n0', 'Even'), newItem('n1', 'Odd')];
    engine.addItems(items);
    const before = answers(engine);
    engine.addItems(structuredClone(items));
    expect(answers(engine)).toEqual(before);
  });

  it('replaces what was added under the same id', () => {
    engine.addItems([newItem('n0', 'Odd', { title: 'Quetzal' })]);
    engine.addItems([newItem('n0', 'Even', { title: 'Lagoon' })]);
    const once = parts.whole();
    once.addItems([newItem('n0', 'Even', { title: 'Lagoon' })]);
    expect(answers(engine)).toEqual(answers(once));
    expect(hits(engine, 'quetzal')).toEqual([]);
  });

  it('leaves alone what the build has', () => {
    const before = answers(engine);
    engine.addItems([newItem('t4', 'Odd', { title: 'Quetzal' })]);
    expect(answers(engine)).toEqual(before);
    expect(hits(engine, 'quetzal')).toEqual([]);
  });

  it('an external id that the build has does not take it away', () => {
    engine.addItems([newItem('n0', 'Odd', { external: { sku: 'sku004' } })]);
    expect(engine.items(['sku004'])[0].id).toBe('t4');
    expect(['sku004', 't4', 'nobody'].map((id) => engine.ownId(id))).toEqual(['t4', 't4', undefined]);
  });

  it('before the tail has come makes no difference after it', () => {
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
    expect(answers(early)).toEqual(answers(engine));
  });
});

describe('a withdrawn item', () => {
  it('is in no answer, whether it was built or added, and is told to be unknown', () => {
    engine.addItems([newItem('n0', 'Even')]);
    const before = { popular: engine.popular(100).length, hits: hits(engine, 'amber', 100).length };
    engine.withdraw(['n0', 't4', 't0']);
    const gone = ['n0', 't4', 't0'];
    expect(engine.items([...gone, 'sku004', 'fresh-n0'])).toEqual([]);
    expect(engine.popular(100)).toHaveLength(before.popular - 3);
    expect([...engine.popular(3), ...engine.popular(3, 3)]).toEqual(engine.popular(6));
    expect(hits(engine, 'amber', 100).length).toBeLessThan(before.hits);
    const { unknown } = engine.recommend(request({ history: gone.map((id) => ({ id })), hidden: ['t4'] }));
    expect(new Set(unknown)).toEqual(new Set(gone));
    expect(idsOf(engine, { candidates: [...gone, 't6'] })).toEqual(['t6']);
    for (const answer of answers(engine))
      for (const id of gone) expect(JSON.stringify(answer)).not.toContain(`"id":"${id}"`);
  });

  it('that nobody knows is kept in mind', () => {
    engine.withdraw(['n0']);
    expect(answers(engine)).toEqual(answers(parts.whole()));
  });

  it('comes back when it is published again', () => {
    const before = answers(engine);
    engine.withdraw(['t4']);
    expect(answers(engine)).not.toEqual(before);
    engine.addItems([newItem('t4', 'Even')]);
    expect(answers(engine)).toEqual(before);
  });
});

describe('whatever was published and withdrawn', () => {
  const step = fc.oneof(
    fc.record({
      add: fc.array(
        fc.tuple(fc.constantFrom('n0', 'n1', 'n2', 't5'), fc.constantFrom('Even' as const, 'Odd' as const)),
        { maxLength: 3 },
      ),
    }),
    fc.record({ withdraw: fc.subarray(['n0', 'n1', 'n2', 't4', 't5', 't57']) }),
  );

  it('an engine is the same as one that was told the outcome alone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const told = parts.whole();
        const outcome = new Additions();
        for (const each of steps) {
          if ('add' in each) {
            const items = each.add.map(([id, taste]) => newItem(id, taste));
            told.addItems(items);
            outcome.add(items);
          } else {
            told.withdraw(each.withdraw);
            outcome.withdraw(each.withdraw);
          }
          // What it remembers must not show.
          told.recommend(request());
          told.search('zephyr', 3);
        }
        const once = parts.whole();
        once.addItems(outcome.items);
        once.withdraw([...outcome.withdrawnIds]);
        expect(answers(told)).toEqual(answers(once));
      }),
      { numRuns: 30 },
    );
  });
});
