import { beforeAll, describe, expect, it } from 'vitest';
import { tinyParts } from '../../../testing/engine/tiny-engine';
import type { NewItem } from '../../contracts/live-signals';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { detectShownField, searchedNames, shownTags } from './item-tags';

let catalog: CatalogColumns;
let content: ContentColumns;
beforeAll(async () => {
  ({ catalog, content } = (await tinyParts()).head);
});

describe('shownTags', () => {
  it('returns the values of the shown field and of fields that the domain does not have', () => {
    expect(detectShownField(catalog, content)).toBe('genres');
    const item: NewItem = {
      id: 'x',
      title: 'X',
      creators: [],
      external: {},
      tags: { genres: ['Even', 'New wave'], moods: ['Calm'], creators: ['Ada'] },
    };
    expect(shownTags(item, 'genres', content.fields)).toEqual(['Even', 'New wave', 'Calm']);
    expect(shownTags(item, null, content.fields)).toEqual(['Calm']);
  });

  it('returns no shown field where the catalog shows no tags', () => {
    expect(detectShownField({ ...catalog, tagNames: [] }, content)).toBeNull();
    expect(detectShownField({ ...catalog, tagNames: ['No such tag'] }, content)).toBeNull();
  });
});

describe('searchedNames', () => {
  it('returns the values of the searched fields', () => {
    const item: NewItem = { id: 'x', title: 'X', creators: [], external: {}, tags: { cast: ['Ann'], plot: ['dark'] } };
    const fields = [
      { name: 'cast', weight: 1, tellable: true, search: true },
      { name: 'plot', weight: 1, tellable: true },
    ];
    expect(searchedNames(item, fields)).toEqual(['Ann']);
  });
});
