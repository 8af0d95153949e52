import { describe, expect, it } from 'vitest';
import { toLists } from '../../lib/math/sparse';
import { prepareDataset } from './dataset';
import { domainFolderOf } from './testing';

describe('prepareDataset', () => {
  const rows: [number, number, number?][] = [
    [0, 3],
    [0, 1],
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 1],
    [2, 4],
    [3, 2],
  ];

  it('puts the most liked items first, ties in the order of their file', () => {
    const dataset = prepareDataset(domainFolderOf(6, rows));
    expect(dataset.items.map(({ id }) => id)).toEqual(['i3', 'i1', 'i4', 'i2', 'i0', 'i5']);
    expect([...dataset.popularity]).toEqual([3, 2, 2, 1, 0, 0]);
    expect(dataset.warmItems).toBe(4);
    expect(toLists(dataset.likes)).toEqual([[0, 1], [0, 2], [0, 1, 2], [3]]);
  });

  it('makes items with too few likes cold, but counts their likes', () => {
    const dataset = prepareDataset(domainFolderOf(6, rows, { minItemInteractions: 2 }));
    expect(dataset.warmItems).toBe(3);
    expect([...dataset.popularity]).toEqual([3, 2, 2, 1, 0, 0]);
    expect(Math.max(...dataset.likes.columns)).toBe(2);
  });

  it('leaves out users with too few likes', () => {
    const dataset = prepareDataset(domainFolderOf(6, rows, { minUserInteractions: 2 }));
    expect([...dataset.popularity]).toEqual([3, 2, 2, 0, 0, 0]);
    expect(toLists(dataset.likes)).toEqual([
      [0, 1],
      [0, 2],
      [0, 1, 2],
    ]);
  });

  it('orders warm items, then the others, by how well known they are where the catalog says it', () => {
    const folder = domainFolderOf(5, [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 2],
    ]);
    const known = [10, 500, undefined, 7, 9000];
    const items = folder.items.map((item, i) => (known[i] === undefined ? item : { ...item, popularity: known[i] }));
    const dataset = prepareDataset({ ...folder, items });
    expect(dataset.items.map(({ id }) => id)).toEqual(['i1', 'i0', 'i2', 'i4', 'i3']);
    expect(dataset.warmItems).toBe(3);
    expect([...dataset.popularity]).toEqual([1, 2, 1, 0, 0]);
    expect([...dataset.externalPopularity!]).toEqual([500, 10, 0, 9000, 7]);
    expect(prepareDataset(folder)).toMatchObject({ externalPopularity: null, ratings: null });
  });

  it('does not depend on held-out users, not even in the order of the items', () => {
    const kept = prepareDataset(domainFolderOf(6, rows), { isTrainingUser: (user) => user !== 2 });
    const without = prepareDataset(
      domainFolderOf(
        6,
        rows.filter(([user]) => user !== 2),
      ),
    );
    expect(kept).toEqual(without);
  });

  it('leaves out tags that held-out users alone gave', () => {
    const folder = domainFolderOf(6, rows);
    const tags = { mood: ['dark', 'slow', 'constructor', 'long'], genre: ['dark'] };
    const tagUsers = { mood: { dark: ['u2'], slow: ['u1', 'u2'], long: ['u2', 'u3'] } };
    const items = folder.items.map((item, i) => (i === 3 ? { ...item, tags, tagUsers } : item));
    const tagsWithout = (...heldOut: number[]) =>
      prepareDataset({ ...folder, items }, { isTrainingUser: (user) => !heldOut.includes(user) }).items.find(
        ({ id }) => id === 'i3',
      )?.tags;
    expect(tagsWithout()).toEqual(tags);
    expect(tagsWithout(0)).toEqual(tags);
    expect(tagsWithout(2)).toEqual({ mood: ['slow', 'constructor', 'long'], genre: ['dark'] });
    expect(tagsWithout(1, 2)).toEqual({ mood: ['constructor', 'long'], genre: ['dark'] });
  });

  it('does not depend on the interactions of items that are made cold', () => {
    const kept = prepareDataset(domainFolderOf(6, rows), { coldItems: new Set(['i3', 'unknown']) });
    const without = prepareDataset(
      domainFolderOf(
        6,
        rows.filter(([, item]) => item !== 3),
      ),
    );
    expect(kept).toEqual(without);
    expect(kept.items.map(({ id }) => id).indexOf('i3')).toBeGreaterThanOrEqual(kept.warmItems);
    expect(kept.popularity[kept.items.findIndex(({ id }) => id === 'i3')]).toBe(0);
  });

  it('counts cold likes towards the minimum of a user', () => {
    const config = { minUserInteractions: 2 };
    const { likes } = prepareDataset(domainFolderOf(6, rows, config), { coldItems: new Set(['i3']) });
    expect(toLists(likes).flat()).toHaveLength(4);
  });

  it('prefers the threshold of the configuration to that of the data', () => {
    const rated = rows.map(([user, item], i): [number, number, number] => [user, item, 1 + (i % 5)]);
    expect(prepareDataset(domainFolderOf(6, rated)).positiveAbove).toBe(3.5);
    const strict = prepareDataset(domainFolderOf(6, rated, { positiveAbove: 4 }));
    expect(strict.positiveAbove).toBe(4);
    expect([...strict.popularity].reduce((sum, count) => sum + count, 0)).toBe(
      rated.filter(([, , value]) => value > 4).length,
    );
  });

  it('accepts a folder without interactions', () => {
    const dataset = prepareDataset(domainFolderOf(2, []));
    expect(dataset.warmItems).toBe(0);
    expect(toLists(dataset.likes)).toEqual([]);
    expect(dataset.items.map(({ id }) => id)).toEqual(['i0', 'i1']);
  });
});
