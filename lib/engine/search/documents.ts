import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import type { SearchDocument } from './build';

/** @returns one document an item: its titles, creators, year, and the terms of searchable fields */
export function* searchDocuments(catalog: CatalogColumns, content: ContentColumns): Generator<SearchDocument> {
  const { creators, creatorNames, titles, aka, years } = catalog;
  const { rows, terms, termFields, fields } = content;
  const isSearched = Uint8Array.from(termFields, (field) => Number(fields[field].search ?? false));
  for (let row = 0; row < titles.length; row++) {
    const names: string[] = [];
    for (let i = creators.offsets[row]; i < creators.offsets[row + 1]; i++)
      names.push(creatorNames[creators.columns[i]]);
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++)
      if (isSearched[rows.columns[i]]) names.push(terms[rows.columns[i]]);
    yield { titles: [titles[row], ...(aka.get(row) ?? [])], creators: names, year: years[row] || null };
  }
}
