import { describe, expect, it } from 'vitest';
import type { DomainFolder } from '../domain-folder/read';
import { prepareDataset } from './dataset';
import { collectWarmLikes, findPositiveAbove, likesByUser } from './likes';
import { domainFolderOf, NONE } from './testing';

describe('findPositiveAbove', () => {
  it.each<[string, number[], number | null]>([
    ['half stars', [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5], 3.5],
    ['ratings out of ten', [1, 2, 3, 5, 7, 8, 10], 7],
    ['zero to three', [0, 1, 2, 3], 2.1],
    ['thumbs', [1, -1, 1], 0.7],
    ['zeros and ones', [0, 1, 1, 0], 0.7],
    ['stars with gaps', [NONE, 1, 3, 5, NONE], 3.5],
    ['only ones', [1, 1, 1], null],
    ['two counts', [1, 2, 1], null],
    ['play counts', [1, 2, 3, 250], null],
    ['measurements', Array.from({ length: 40 }, (_, i) => i / 8), null],
    ['no values', [NONE, NONE], null],
    ['no positive value', [0, -1, -2], null],
    ['nothing', [], null],
  ])('recognises %s', (_, values, expected) => {
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

  it('returns the items above the threshold, each once', () => {
    expect(likesByUser(domainFolderOf(3, rows).interactions, 3.5)).toEqual([[1], [2, 0], []]);
  });

  it('returns all items without a threshold', () => {
    expect(likesByUser(domainFolderOf(3, rows).interactions, null)).toEqual([[1, 2], [2, 0], [0]]);
  });
});

describe('collectWarmLikes', () => {
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
    collectWarmLikes(folder, dataset(folder), users).map(({ likes }) => likes.map(({ id }) => id));

  it('returns the warm items that the users like, each once', () => {
    const folder = domainFolderOf(3, rows, { positiveAbove: 3 });
    // Only user 1, who is held out, has item 2; user 2 likes nothing.
    expect(idsOf(folder, [1, 2, 3])).toEqual([['i0'], ['i1', 'i0']]);
    expect(idsOf(folder, [3, 1])).toEqual([['i1', 'i0'], ['i0']]);
    expect(idsOf(folder, [])).toEqual([]);
  });

  it('leaves out users with too few likes', () => {
    expect(idsOf(domainFolderOf(3, rows, { positiveAbove: 3, minUserInteractions: 2 }), [1, 3])).toEqual([
      ['i1', 'i0'],
    ]);
  });

  it('keeps the timestamps of interactions that have one', () => {
    const folder = domainFolderOf(3, rows, { positiveAbove: 3 });
    folder.interactions.timestamps.set([70, NONE], 7);
    const [{ likes }] = collectWarmLikes(folder, dataset(folder), [3]);
    expect(likes).toEqual([{ id: 'i1', timestamp: 70 }, { id: 'i0' }]);
  });
});
