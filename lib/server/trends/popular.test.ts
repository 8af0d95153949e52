import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngineFromFolder, readManifest } from '../../artifacts/node';
import type { Engine } from '../../engine/engine';
import { blendPopular, fillTrending } from './popular';

const FOLDER = 'public/artifacts/courses';
let engine: Engine;
let interactions: number;
beforeAll(async () => {
  engine = await loadEngineFromFolder(FOLDER);
  ({ interactions } = (await readManifest(FOLDER)).manifest.counts);
});

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe('popular items', () => {
  it('are in the order of the data without events', () => {
    const all = blendPopular(engine, [], interactions, { limit: 30, offset: 10 });
    expect(ids(all)).toEqual(ids(engine.popular(30, 10)));
    expect(new Set(all.map(({ level }) => level))).toEqual(new Set(['prior']));
  });

  it('are in the order of prior plus live weight, on every page, each item once', () => {
    const known = ids(engine.popular(3000));
    const some = fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...known), weight: fc.double({ min: 0.001, max: 1e5, noNaN: true }) }),
      { selector: ({ id }) => id, maxLength: 50 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 50 }), (live, size) => {
        const whole = ids(blendPopular(engine, live, interactions, { limit: 300, offset: 0 }));
        expect(new Set(whole).size).toBe(300);
        const weights = new Map(live.map(({ id, weight }) => [id, weight]));
        const score = (id: string) =>
          (weights.get(id) ?? 0) + (20_000 * engine.items([id])[0].popularity) / interactions;
        // Oracle: all items sorted by the sum.
        const best = known.map(score).sort((a, b) => b - a);
        whole.forEach((id, place) => {
          expect(score(id)).toBeCloseTo(best[place], 6);
        });
        const pages = Array.from({ length: Math.ceil(300 / size) }, (_, page) =>
          ids(blendPopular(engine, live, interactions, { limit: size, offset: page * size })),
        );
        expect(pages.flat().slice(0, 300)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('ignore unknown ids', () => {
    const list = blendPopular(engine, [{ id: 'gone', weight: 1e9 }], interactions, { limit: 5, offset: 0 });
    expect(ids(list)).toEqual(ids(engine.popular(5)));
  });
});

describe('trending items', () => {
  it('are those with live weight, then popular ones, each item once', () => {
    const [a, b] = engine.popular(2, 500);
    const first = engine.popular(1)[0];
    const live = [b, first, a].map(({ id }, i) => ({ id, weight: 3 - i }));
    const list = fillTrending(engine, live, 10);
    expect(ids(list).slice(0, 3)).toEqual([b.id, first.id, a.id]);
    expect(list.map(({ level }) => level)).toEqual([...Array(3).fill('live'), ...Array(7).fill('prior')]);
    expect(new Set(ids(list)).size).toBe(10);
    expect(fillTrending(engine, live, 2)).toHaveLength(2);
  });
});
