import { describe, expect, it } from 'vitest';
import { type DomainConfig, domainConfigSchema, type ItemRow } from '../../lib/contracts/domain-folder';
import { drawInterests, shownField } from './resolve-interests';
import { extractTerms } from './terms';

const config = (changes: Partial<DomainConfig> = {}): DomainConfig => ({
  ...domainConfigSchema.parse({
    id: 'd',
    label: 'D',
    item: { one: 'i', many: 'i' },
    fields: [
      { name: 'year', kind: 'number', weight: 1 },
      { name: 'genres', kind: 'tags', weight: 1 },
      { name: 'moods', kind: 'tags', weight: 1 },
    ],
  }),
  ...changes,
});
const itemsOf = (rows: string[][]): ItemRow[] =>
  rows.map((genres, i) => ({ id: `i${i}`, title: 'T', tags: { genres } }));
const draw = (items: ItemRow[], popularity: number[], changes: Partial<DomainConfig> = {}) => {
  const given = config(changes);
  return drawInterests(given, items, Uint32Array.from(popularity), extractTerms(items, given.fields));
};

describe('shownField', () => {
  it('is the one marked so, else the first of tags', () => {
    expect(shownField(config())).toBe('genres');
    expect(
      shownField(
        config({ fields: [...config().fields.slice(0, 2), { name: 'moods', kind: 'tags', weight: 1, show: true }] }),
      ),
    ).toBe('moods');
    expect(shownField(config({ fields: [] }))).toBeUndefined();
  });
});

describe('drawInterests', () => {
  const items = itemsOf([['Drama'], ['Comedy', 'Drama'], ['Comedy'], ['War'], ['Comedy'], ['War']]);

  it('draws the most liked values of the shown field', () => {
    const interests = draw(items, [90, 50, 20, 5, 3, 1]);
    expect(interests.map(({ label }) => label)).toEqual(['Drama', 'Comedy', 'War']);
    expect(interests[1]).toEqual({ id: 'comedy', label: 'Comedy', terms: [expect.any(Number)], items: [1, 2, 4] });
  });

  it('names each by a term of the content', () => {
    const { terms } = extractTerms(items, config().fields);
    for (const { label, terms: numbers } of draw(items, [6, 5, 4, 3, 2, 1]))
      expect(numbers.map((term) => terms[term])).toEqual([label]);
  });

  it('leaves out what is no interest, and what repeats another', () => {
    const twins = itemsOf([['Rock', 'Guitar'], ['Rock', 'Guitar'], ['Rock', 'Guitar'], ['Jazz', 'Live'], ['Live']]);
    const labels = (changes: Partial<DomainConfig> = {}) =>
      draw(twins, [9, 8, 7, 4, 1], changes).map(({ label }) => label);
    expect(labels()).toEqual(['Guitar', 'Live']);
    expect(labels({ notInterests: ['Guitar', 'Live'] })).toEqual(['Rock', 'Jazz']);
  });

  it('draws sixteen at the most, with two hundred items each at the most', () => {
    const many = itemsOf(Array.from({ length: 500 }, (_, i) => [`G${i % 20}`, 'All']));
    const interests = draw(
      many,
      Array.from({ length: 500 }, (_, i) => 500 - i),
    );
    expect(interests).toHaveLength(16);
    const [all] = interests;
    expect(all.label).toBe('All');
    expect(all.items).toEqual([...Array(200).keys()]);
  });

  it('takes those of the configuration, less what nothing has', () => {
    const interests = draw(items, [6, 5, 4, 3, 2, 1], {
      interests: [
        { label: 'Laughs & tears', field: 'genres', values: ['Comedy', 'Drama'] },
        { label: 'Nothing', field: 'genres', values: ['Opera'] },
      ],
    });
    expect(interests).toEqual([
      {
        id: 'laughs-tears',
        label: 'Laughs & tears',
        terms: [expect.any(Number), expect.any(Number)],
        items: [0, 1, 2, 4],
      },
    ]);
  });

  it('takes text alone for a value of the shown field', () => {
    const interests = draw(items, [6, 5, 4, 3, 2, 1], { interests: ['Drama', 'Opera'] });
    expect(interests.map(({ id, label }) => ({ id, label }))).toEqual([{ id: 'drama', label: 'Drama' }]);
    expect(interests[0].items.length).toBeGreaterThan(0);
  });

  it('gives no two the same id', () => {
    const ids = draw(itemsOf([['C++'], ['C#'], ['C'], ['☂'], ['♫'], ['日本']]), [9, 8, 7, 6, 5, 4]).map(({ id }) => id);
    expect(ids).toEqual(['c', 'c-2', 'c-3', 'interest', 'interest-2', '日本']);
  });

  it('draws none where there is no field to draw from', () => {
    expect(draw(items, [6, 5, 4, 3, 2, 1], { fields: [] })).toEqual([]);
  });
});
