import type { Field, ItemRow } from '../../lib/contracts/domain-folder';
import { type CatalogColumns, internNames } from '../../lib/format/catalog';
import type { ContentColumns } from '../../lib/format/content';
import { extractTerms } from '../../pipeline/features/terms';

/** The catalog that the pipeline makes of these items, without popularity; its tags are the genres. */
export function catalogOf(items: readonly ItemRow[]): CatalogColumns {
  const creators = internNames(items.map((item) => item.creators ?? []));
  const tags = internNames(items.map((item) => item.tags?.genres ?? []));
  return {
    ids: items.map(({ id }) => id),
    titles: items.map(({ title }) => title),
    aka: new Map(),
    years: Int16Array.from(items, ({ year }) => year ?? 0),
    creatorNames: creators.names,
    creators: creators.lists,
    tagNames: tags.names,
    tags: tags.lists,
    popularity: new Uint32Array(items.length),
    external: new Map(),
  };
}

/**
 * The content that the pipeline extracts from these items.
 *
 * @param notNamed words of terms that reasons do not name
 * @param headItems number of items in the head
 */
export const contentOf = (
  items: readonly ItemRow[],
  fields: readonly Field[],
  notNamed?: readonly string[],
  headItems?: number,
): ContentColumns => extractTerms(items, fields, notNamed, headItems);
