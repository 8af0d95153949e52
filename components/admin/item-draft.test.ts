import { describe, expect, it } from 'vitest';
import { newItemSchema } from '../../lib/contracts/live-signals';
import { EMPTY_DRAFT, itemOfFields, itemsOfJson } from './item-draft';

describe('the form for a new item', () => {
  it('sends what the server takes', () => {
    const item = itemOfFields({
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

  it('leaves out what is not given', () => {
    expect(itemOfFields({ ...EMPTY_DRAFT, id: 'a', title: 'A' })).toEqual({
      id: 'a',
      title: 'A',
      creators: [],
      tags: {},
    });
  });

  it('says what is not meant so', () => {
    expect(() => itemOfFields({ ...EMPTY_DRAFT, tags: 'Drama, War' })).toThrow('a colon');
    expect(() => itemOfFields({ ...EMPTY_DRAFT, year: 'last year' })).toThrow('whole number');
    expect(() => itemsOfJson('{')).toThrow('JSON');
  });

  it('takes one item or several as JSON', () => {
    expect(itemsOfJson('{"id":"a"}')).toEqual([{ id: 'a' }]);
    expect(itemsOfJson('[{"id":"a"},{"id":"b"}]')).toHaveLength(2);
  });
});
