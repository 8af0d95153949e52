import { describe, expect, it } from 'vitest';
import { type DomainConfig, domainConfigSchema, type ItemRow } from '../../lib/contracts/domain-folder';
import { resolveInterests } from './resolve-interests';
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
const resolve = (items: ItemRow[], popularity: number[], changes: Partial<DomainConfig> = {}) => {
  const domain = config(changes);
  return resolveInterests(domain, items, Uint32Array.from(popularity), extractTerms(items, domain.fields));
};

describe('resolveInterests', () => {
  const items = itemsOf([['Drama'], ['Comedy', 'Drama'], ['Comedy'], ['War'], ['Comedy'], ['War']]);

  it('chooses the most liked values of the card field', () => {
    const interests = resolve(items, [90, 50, 20, 5, 3, 1]);
    expect(interests.map(({ label }) => label)).toEqual(['Drama', 'Comedy', 'War']);
    expect(interests[1]).toEqual({ id: 'comedy', label: 'Comedy', terms: [expect.any(Number)], items: [1, 2, 4] });
  });

  it('finds the content term of each value', () => {
    const { terms } = extractTerms(items, config().fields);
    for (const { label, terms: numbers } of resolve(items, [6, 5, 4, 3, 2, 1]))
      expect(numbers.map((term) => terms[term])).toEqual([label]);
  });

  it('leaves out configured exceptions, and values that repeat another', () => {
    const twins = itemsOf([['Rock', 'Guitar'], ['Rock', 'Guitar'], ['Rock', 'Guitar'], ['Jazz', 'Live'], ['Live']]);
    const labels = (changes: Partial<DomainConfig> = {}) =>
      resolve(twins, [9, 8, 7, 4, 1], changes).map(({ label }) => label);
    expect(labels()).toEqual(['Guitar', 'Live']);
    expect(labels({ notInterests: ['Guitar', 'Live'] })).toEqual(['Rock', 'Jazz']);
  });

  it('returns at most 16 interests, with at most 200 items each', () => {
    const many = itemsOf(Array.from({ length: 500 }, (_, i) => [`G${i % 20}`, 'All']));
    const interests = resolve(
      many,
      Array.from({ length: 500 }, (_, i) => 500 - i),
    );
    expect(interests).toHaveLength(16);
    const [all] = interests;
    expect(all.label).toBe('All');
    expect(all.items).toEqual([...Array(200).keys()]);
  });

  it('takes the interests of the configuration, except those without items', () => {
    const interests = resolve(items, [6, 5, 4, 3, 2, 1], {
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

  it('reads a configured text as a value of the card field', () => {
    const interests = resolve(items, [6, 5, 4, 3, 2, 1], { interests: ['Drama', 'Opera'] });
    expect(interests.map(({ id, label }) => ({ id, label }))).toEqual([{ id: 'drama', label: 'Drama' }]);
    expect(interests[0].items.length).toBeGreaterThan(0);
  });

  it('gives every interest its own id', () => {
    const ids = resolve(itemsOf([['C++'], ['C#'], ['C'], ['☂'], ['♫'], ['日本']]), [9, 8, 7, 6, 5, 4]).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(['c', 'c-2', 'c-3', 'interest', 'interest-2', '日本']);
  });

  it('returns none without a field of tags', () => {
    expect(resolve(items, [6, 5, 4, 3, 2, 1], { fields: [] })).toEqual([]);
  });
});
