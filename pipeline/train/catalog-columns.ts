import { type CatalogColumns, internNames } from '../../lib/format/catalog';
import type { Dataset } from '../dataset/dataset';
import { cardTagField } from '../features/card-field';

/** The items of a data set as the columns of the `catalog` artifact. Its tags are those that cards show. */
export function toCatalogColumns({ config, items, popularity }: Dataset): CatalogColumns {
  const creators = internNames(items.map((item) => item.creators ?? []));
  const field = cardTagField(config);
  const tags = internNames(items.map((item) => (field === undefined ? [] : (item.tags?.[field] ?? []))));
  const keys = [...new Set(items.flatMap((item) => Object.keys(item.external ?? {})))].sort();
  return {
    ids: items.map(({ id }) => id),
    titles: items.map(({ title }) => title),
    aka: new Map(items.flatMap((item, row) => (item.aka?.length ? [[row, item.aka] as const] : []))),
    years: Int16Array.from(items, ({ year }) => year ?? 0),
    creatorNames: creators.names,
    creators: creators.lists,
    tagNames: tags.names,
    tags: tags.lists,
    popularity,
    external: new Map(keys.map((key) => [key, items.map((item) => item.external?.[key] ?? '')])),
  };
}
