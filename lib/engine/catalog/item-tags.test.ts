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

describe('the tags that are shown', () => {
  it('are those of the field that the catalog shows, and what stands under names that it does not have', () => {
    expect(detectShownField(catalog, content)).toBe('genres');
    const item: NewItem = {
      id: 'x',
      title: 'X',
      creators: [],
      external: {},
      tags: { genres: ['Even', 'New wave'], moods: ['Calm'], creators: ['Somebody'] },
    };
    expect(shownTags(item, 'genres', content.fields)).toEqual(['Even', 'New wave', 'Calm']);
    expect(shownTags(item, null, content.fields)).toEqual(['Calm']);
  });

  it('come from no field where the catalog shows none', () => {
    expect(detectShownField({ ...catalog, tagNames: [] }, content)).toBeNull();
    expect(detectShownField({ ...catalog, tagNames: ['Nowhere'] }, content)).toBeNull();
  });
});

describe('further names that an item is found by', () => {
  it('are the values of the fields that are searched', () => {
    const item: NewItem = { id: 'x', title: 'X', creators: [], external: {}, tags: { cast: ['Ann'], plot: ['dark'] } };
    const fields = [
      { name: 'cast', weight: 1, tellable: true, search: true },
      { name: 'plot', weight: 1, tellable: true },
    ];
    expect(searchedNames(item, fields)).toEqual(['Ann']);
  });
});
