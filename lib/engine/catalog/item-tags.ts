import type { NewItem } from '../../contracts/live-signals';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { isText } from './item-terms';

/** Tags of items that came later: which of them a card shows, and which the search box finds. */

type ContentField = ContentColumns['fields'][number];

/** Tag names that are compared with the terms of each field. */
const MAX_COMPARED_NAMES = 50;
/** Fields that are no tags. */
const OWN_FIELDS = new Set(['title', 'creators', 'year']);

/**
 * The field whose values the catalog shows as tags: artifacts do not name it, so it is the one that has most of the
 * catalog's tag names among its terms; null where the catalog shows none.
 */
export function detectShownField(
  { tagNames }: Pick<CatalogColumns, 'tagNames'>,
  { fields, terms, termFields }: Pick<ContentColumns, 'fields' | 'terms' | 'termFields'>,
): string | null {
  const names = new Set(tagNames.slice(0, MAX_COMPARED_NAMES).map((name) => name.toLowerCase()));
  if (names.size === 0) return null;
  const hits = fields.map(() => 0);
  for (let term = 0; term < terms.length; term++) if (names.has(terms[term].toLowerCase())) hits[termFields[term]]++;
  const most = Math.max(...hits);
  return most > 0 ? fields[hits.indexOf(most)].name : null;
}

/** The tags that a card shows: those of the shown field, and those of fields that the domain does not have. */
export function shownTags({ tags }: NewItem, shown: string | null, fields: readonly ContentField[]): string[] {
  const others = Object.keys(tags).flatMap((name) => (fields.some((field) => field.name === name) ? [] : tags[name]));
  return [...new Set([...(shown === null ? [] : (tags[shown] ?? [])), ...others])];
}

/** Names besides title and creators by which search finds an item. */
export const searchedNames = ({ tags }: NewItem, fields: readonly ContentField[]): string[] =>
  fields.flatMap(({ name, search }) => (search ? (tags[name] ?? []) : []));

/**
 * The tags of an item by field, from its terms: the inverse of extracting them, for those of no running text.
 *
 * @param itemTerms term numbers of the item
 */
export function tagsOfTerms(
  itemTerms: Iterable<number>,
  { fields, terms, termFields }: Pick<ContentColumns, 'fields' | 'terms' | 'termFields'>,
): Record<string, string[]> {
  const tags: Record<string, string[]> = {};
  for (const term of itemTerms) {
    const field = fields[termFields[term]];
    if (isText(field) || OWN_FIELDS.has(field.name)) continue;
    tags[field.name] ??= [];
    tags[field.name].push(terms[term]);
  }
  return tags;
}
