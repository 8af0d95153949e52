import { FIELD, type SearchColumns } from '../../format/search';
import { tokenize, withoutArticle } from './normalise';

/** What the search box may find an item by. */
export interface SearchDocument {
  /** The title first, then other names of the same item. */
  titles: string[];
  /** Creators and any other names, such as a cast. */
  creators: string[];
  year: number | null;
}

/** Indexes documents in row order; row 0 is the first. */
export function buildSearchData(documents: Iterable<SearchDocument>): SearchColumns {
  const ids = new Map<string, number>();
  const rowsOf: number[][] = [];
  const fieldsOf: number[][] = [];
  let row = 0;
  const add = (token: string, field: number): void => {
    let id = ids.get(token);
    if (id === undefined) {
      id = ids.size;
      ids.set(token, id);
      rowsOf.push([]);
      fieldsOf.push([]);
    }
    const rows = rowsOf[id];
    const fields = fieldsOf[id];
    if (rows.length > 0 && rows[rows.length - 1] === row) {
      fields[fields.length - 1] |= field;
    } else {
      rows.push(row);
      fields.push(field);
    }
  };
  for (const document of documents) {
    for (const [position, title] of document.titles.entries()) {
      const tokens = tokenize(title);
      for (const token of tokens) add(token, position === 0 ? FIELD.title : FIELD.aka);
      if (tokens.length > 0) {
        add(tokens[0], FIELD.start);
        add(withoutArticle(tokens)[0], FIELD.start);
      }
    }
    for (const name of document.creators) for (const token of tokenize(name)) add(token, FIELD.creators);
    if (document.year !== null) add(String(Math.abs(document.year)), FIELD.year);
    row++;
  }

  // The default order of strings is by code unit.
  const tokens = [...ids.keys()].sort();
  const offsets = new Uint32Array(tokens.length + 1);
  for (const [position, token] of tokens.entries()) {
    offsets[position + 1] = offsets[position] + rowsOf[ids.get(token)!].length;
  }
  const rows = new Uint32Array(offsets[tokens.length]);
  const fields = new Uint8Array(rows.length);
  for (const [position, token] of tokens.entries()) {
    const id = ids.get(token)!;
    rows.set(rowsOf[id], offsets[position]);
    fields.set(fieldsOf[id], offsets[position]);
  }
  return { tokens, offsets, rows, fields };
}
