import { describe, expect, it } from 'vitest';
import { newItemSchema } from '../../lib/contracts/live-signals';
import { EMPTY_DRAFT, itemFromFields, itemsFromJson } from './item-draft';

describe('the form for a new item', () => {
  it('makes an item that the server accepts', () => {
    const item = itemFromFields({
      id: ' new-1 ',
      title: 'A Film: The Return',
      year: ' 2026 ',
      creators: 'Ada Even, , Bob Odd ',
      tags: 'genres: Drama, War\n\nkeywords: time: travel',
    });
    expect(newItemSchema.parse(item)).toMatchObject({
      id: 'new-1',
      title: 'A Film: The Return',
      year: 2026,
      creators: ['Ada Even', 'Bob Odd'],
      tags: { genres: ['Drama', 'War'], keywords: ['time: travel'] },
    });
  });

  it('leaves out empty optional fields', () => {
    expect(itemFromFields({ ...EMPTY_DRAFT, id: 'a', title: 'A' })).toEqual({
      id: 'a',
      title: 'A',
      creators: [],
      tags: {},
    });
  });

  it('explains what it cannot parse', () => {
    expect(() => itemFromFields({ ...EMPTY_DRAFT, tags: 'Drama, War' })).toThrow('a colon');
    expect(() => itemFromFields({ ...EMPTY_DRAFT, year: 'last year' })).toThrow('whole number');
    expect(() => itemsFromJson('{')).toThrow('JSON');
  });

  it('parses one item or several from JSON', () => {
    expect(itemsFromJson('{"id":"a"}')).toEqual([{ id: 'a' }]);
    expect(itemsFromJson('[{"id":"a"},{"id":"b"}]')).toHaveLength(2);
  });
});
