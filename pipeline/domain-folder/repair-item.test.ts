import { expect, it } from 'vitest';
import { readItem } from './repair-item';

const ITEM = { id: 'a', title: 'A' };

it.each<[string, object, object, string[]]>([
  ['null and "" as absent', { year: null, creators: null, tags: null, popularity: '' }, {}, []],
  ['a year in quotes', { year: '1999' }, { year: 1999 }, ['with a repaired "year"']],
  ['a single creator', { creators: 'Ann' }, { creators: ['Ann'] }, ['with a repaired "creators"']],
  [
    'single tags, numbers as tags, and empty ones',
    { tags: { kind: 'vegan', size: [3, null, ''], none: null } },
    { tags: { kind: ['vegan'], size: ['3'] } },
    ['with a repaired "tags"'],
  ],
  [
    'numeric ids elsewhere',
    { external: { isbn: 9783 } },
    { external: { isbn: '9783' } },
    ['with a repaired "external"'],
  ],
  ['numbers in quotes', { numbers: { minutes: '30' } }, { numbers: { minutes: 30 } }, ['with a repaired "numbers"']],
  ['a year that is none', { year: 'soon' }, {}, [expect.stringMatching(/^without "year": /)]],
  ['tags that are no lists', { tags: [1], year: 2 }, { year: 2 }, [expect.stringMatching(/^without "tags": /)]],
])('keeps an item with %s', (_, fields, kept, changes) => {
  expect(readItem({ ...ITEM, ...fields })).toEqual({ row: { ...ITEM, ...kept }, changes });
});

it.each([[null], [[]], ['a'], [{}], [{ id: 'a' }], [{ id: '', title: 'A' }], [{ id: 'a', title: 3 }]])(
  'finds no item in %j',
  (value) => {
    expect(readItem(value)).toEqual({ fault: expect.any(String) });
  },
);
