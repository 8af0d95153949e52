import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DomainConfig, domainConfigSchema } from '../lib/contracts/domain-folder';
import { toLists, toSparseRows, transpose } from '../lib/math/sparse';
import { findPositiveAbove, heldOutLikes, likesByUser, prepareDataset } from './dataset';
import { type DomainFolder, RowProblems } from './domain-folder/read';

const NONE = Number.NaN;

/** A folder of items "i0", "i1", … and the interactions [user, item, value?]. */
function folderOf(
  itemCount: number,
  rows: [number, number, number?][],
  config: Partial<DomainConfig> = {},
): DomainFolder {
  const userCount = Math.max(0, ...rows.map(([user]) => user + 1));
  return {
    config: {
      ...domainConfigSchema.parse({ id: 'd', label: 'D', item: { one: 'i', many: 'i' }, fields: [] }),
      ...config,
    },
    items: Array.from({ length: itemCount }, (_, i) => ({ id: `i${i}`, title: `Item ${i}` })),
    interactions: {
      userIds: Array.from({ length: userCount }, (_, user) => `u${user}`),
      users: Uint32Array.from(rows, ([user]) => user),
      items: Uint32Array.from(rows, ([, item]) => item),
      values: Float32Array.from(rows, ([, , value]) => value ?? NONE),
      timestamps: new Float64Array(rows.length),
    },
    problems: new RowProblems(),
  };
}

describe('findPositiveAbove', () => {
  it.each<[string, number[], number | null]>([
    ['stars in halves', [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5], 3.5],
    ['marks out of ten', [1, 2, 3, 5, 7, 8, 10], 7],
    ['nought to three', [0, 1, 2, 3], 2.1],
    ['thumbs', [1, -1, 1], 0.7],
    ['noughts and ones', [0, 1, 1, 0], 0.7],
    ['stars, some of them missing', [NONE, 1, 3, 5, NONE], 3.5],
    ['nothing but ones', [1, 1, 1], null],
    ['two counts', [1, 2, 1], null],
    ['play counts', [1, 2, 3, 250], null],
    ['measurements', Array.from({ length: 40 }, (_, i) => i / 8), null],
    ['no values', [NONE, NONE], null],
    ['nothing above nought', [0, -1, -2], null],
    ['nothing at all', [], null],
  ])('takes %s for what they are', (_, values, expected) => {
    const found = findPositiveAbove(Float32Array.from(values));
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 9);
  });
});

describe('likesByUser', () => {
  const rows: [number, number, number?][] = [
    [0, 1, 5],
    [0, 2, 3.5],
    [1, 2, 4],
    [0, 1, 4],
    [1, 0],
    [2, 0, 1],
  ];

  it('keeps what is above the line, each item once', () => {
    expect(likesByUser(folderOf(3, rows).interactions, 3.5)).toEqual([[1], [2, 0], []]);
  });

  it('keeps everything where there is no line', () => {
    expect(likesByUser(folderOf(3, rows).interactions, null)).toEqual([[1, 2], [2, 0], [0]]);
  });
});

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

  it('puts the most liked items first, equals in the order of their file', () => {
    const dataset = prepareDataset(folderOf(6, rows));
    expect(dataset.items.map(({ id }) => id)).toEqual(['i3', 'i1', 'i4', 'i2', 'i0', 'i5']);
    expect([...dataset.popularity]).toEqual([3, 2, 2, 1, 0, 0]);
    expect(dataset.warmItems).toBe(4);
    expect(toLists(dataset.likes)).toEqual([[0, 1], [0, 2], [0, 1, 2], [3]]);
  });

  it('gives no factors to items of too few likes, though their likes are counted', () => {
    const dataset = prepareDataset(folderOf(6, rows, { minItemInteractions: 2 }));
    expect(dataset.warmItems).toBe(3);
    expect([...dataset.popularity]).toEqual([3, 2, 2, 1, 0, 0]);
    expect(Math.max(...dataset.likes.columns)).toBe(2);
  });

  it('leaves out users of too few likes', () => {
    const dataset = prepareDataset(folderOf(6, rows, { minUserInteractions: 2 }));
    expect([...dataset.popularity]).toEqual([3, 2, 2, 0, 0, 0]);
    expect(toLists(dataset.likes)).toEqual([
      [0, 1],
      [0, 2],
      [0, 1, 2],
    ]);
  });

  it('learns nothing of users who are held out, not even the order of the items', () => {
    const kept = prepareDataset(folderOf(6, rows), { isTrainingUser: (user) => user !== 2 });
    const without = prepareDataset(
      folderOf(
        6,
        rows.filter(([user]) => user !== 2),
      ),
    );
    expect(kept).toEqual(without);
  });

  it('learns nothing of the interactions of items that are made cold', () => {
    const kept = prepareDataset(folderOf(6, rows), { coldItems: new Set(['i3', 'unheard-of']) });
    const without = prepareDataset(
      folderOf(
        6,
        rows.filter(([, item]) => item !== 3),
      ),
    );
    expect(kept).toEqual(without);
    expect(kept.items.map(({ id }) => id).indexOf('i3')).toBeGreaterThanOrEqual(kept.warmItems);
    expect(kept.popularity[kept.items.findIndex(({ id }) => id === 'i3')]).toBe(0);
  });

  it('counts the cold likes of a user among those that the user must have', () => {
    const config = { minUserInteractions: 2 };
    const { likes } = prepareDataset(folderOf(6, rows, config), { coldItems: new Set(['i3']) });
    expect(toLists(likes).flat()).toHaveLength(4);
  });

  it('takes the line from the configuration before the data', () => {
    const rated = rows.map(([user, item], i): [number, number, number] => [user, item, 1 + (i % 5)]);
    expect(prepareDataset(folderOf(6, rated)).positiveAbove).toBe(3.5);
    const strict = prepareDataset(folderOf(6, rated, { positiveAbove: 4 }));
    expect(strict.positiveAbove).toBe(4);
    expect([...strict.popularity].reduce((sum, count) => sum + count, 0)).toBe(
      rated.filter(([, , value]) => value > 4).length,
    );
  });

  it('may be without any interaction', () => {
    const dataset = prepareDataset(folderOf(2, []));
    expect(dataset.warmItems).toBe(0);
    expect(toLists(dataset.likes)).toEqual([]);
    expect(dataset.items.map(({ id }) => id)).toEqual(['i0', 'i1']);
  });
});

describe('heldOutLikes', () => {
  const rows: [number, number, number?][] = [
    [0, 0, 5],
    [0, 1, 5],
    [1, 0, 4],
    [1, 0, 5],
    [1, 1, 1],
    [1, 2, 5],
    [2, 1, 2],
    [3, 1],
    [3, 0, 5],
  ];
  const dataset = (folder: DomainFolder) => prepareDataset(folder, { isTrainingUser: (user) => user === 0 });
  const idsOf = (folder: DomainFolder, users: number[]) =>
    heldOutLikes(folder, dataset(folder), users).map(({ likes }) => likes.map(({ id }) => id));

  it('are what those users like, each item once, of what training users have liked too', () => {
    const folder = folderOf(3, rows, { positiveAbove: 3 });
    // Item 2 is known by user 1 alone, who is held out; user 2 likes nothing.
    expect(idsOf(folder, [1, 2, 3])).toEqual([['i0'], ['i1', 'i0']]);
    expect(idsOf(folder, [3, 1])).toEqual([['i1', 'i0'], ['i0']]);
    expect(idsOf(folder, [])).toEqual([]);
  });

  it('are of users with likes enough only', () => {
    expect(idsOf(folderOf(3, rows, { positiveAbove: 3, minUserInteractions: 2 }), [1, 3])).toEqual([['i1', 'i0']]);
  });

  it('have their times where there are any', () => {
    const folder = folderOf(3, rows, { positiveAbove: 3 });
    folder.interactions.timestamps.set([70, NONE], 7);
    const [{ likes }] = heldOutLikes(folder, dataset(folder), [3]);
    expect(likes).toEqual([{ id: 'i1', timestamp: 70 }, { id: 'i0' }]);
  });
});

describe('transpose', () => {
  it('swaps rows and columns, and is undone by itself', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat(9)).map((columns) => columns.sort((a, b) => a - b)));
    fc.assert(
      fc.property(lists, (rows) => {
        const sparse = toSparseRows(rows);
        const transposed = transpose(sparse, 10);
        expect(toLists(transposed)).toEqual(
          [...Array(10).keys()].map((column) => [...rows.keys()].filter((row) => rows[row].includes(column))),
        );
        expect(transpose(transposed, rows.length)).toEqual(sparse);
      }),
    );
  });
});
