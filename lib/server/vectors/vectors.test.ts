import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { mulberry32 } from '../../math/random';
import type { OpenStore } from '../store/database';
import { loadedVectors, loadVectors, nearestItems, type VectorItem } from './vectors';

const DIMS = 16;
const MODEL = { domain: 'far-off', version: '0123456789abcdef' };
/** The largest half-precision number, which the schema of the candidates route allows. */
const MAX_HALF = 65_504;

describe.each(STORES)('vectors on $name', ({ name, open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const random = mulberry32(7);
  const vector = () => Float32Array.from({ length: DIMS }, () => 2 * random() - 1);
  const items = Array.from(
    { length: 1500 },
    (_, i): VectorItem => ({
      id: `i${i}`,
      factors: vector(),
      record:
        i < 700
          ? null
          : { id: `i${i}`, title: `“${i}”`, creators: [], tags: { a: ['b'] }, external: {}, publishedAt: 0 },
    }),
  );
  const exact = (user: Float32Array, limit: number) =>
    items
      .map(({ id, factors }) => ({ id, score: factors.reduce((sum, x, d) => sum + x * user[d], 0) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);

  it('are refused before they are loaded', async () => {
    expect(await loadedVectors(store.db, MODEL.domain, MODEL.version)).toBe(0);
    await expect(nearestItems(store.db, MODEL, vector(), 10)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('find nearly the items of an exact scan, with the records of items that devices do not have', async ({ skip }) => {
    // Debian 12 has no package of pgvector.
    if (!store.vectors) skip(`${name} has no pgvector here`);
    expect(await loadVectors(store.db, { ...MODEL, dims: DIMS }, items)).toBe(1500);
    // A second load, as after an interrupted one.
    expect(await loadVectors(store.db, { ...MODEL, dims: DIMS }, items)).toBe(1500);
    expect(await loadedVectors(store.db, MODEL.domain, MODEL.version)).toBe(1500);
    let hits = 0;
    for (let i = 0; i < 20; i++) {
      const user = vector();
      const found = await nearestItems(store.db, MODEL, user, 50);
      expect(found).toHaveLength(50);
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
      const best = exact(user, 50);
      const foundIds = new Set(found.map(({ id }) => id));
      hits += best.filter(({ id }) => foundIds.has(id)).length;
      expect(found[0].score).toBeCloseTo(best.find(({ id }) => id === found[0].id)!.score, 2);
      for (const { id, record, factors } of found) {
        const item = items[Number(id.slice(1))];
        expect(record).toEqual(item.record);
        if (record) expect(factors!.map((x, d) => Math.abs(x - item.factors[d]) < 1e-3)).not.toContain(false);
        else expect(factors).toBeNull();
      }
    }
    expect(hits / 1000).toBeGreaterThan(0.98);
    const extreme = Float32Array.from({ length: DIMS }, (_, d) => (d % 2 ? 1 : -1) * MAX_HALF);
    expect(await nearestItems(store.db, MODEL, extreme, 5)).toHaveLength(5);
  });
});
