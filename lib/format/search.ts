import type { SearchData } from '../engine/search/build';
import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter } from './container';

/** The inverted index over titles, creators and years. */
export function writeSearch(data: SearchData): Uint8Array<ArrayBuffer> {
  return new ContainerWriter('search')
    .strings('tokens', data.tokens)
    .ragged('rows', { offsets: data.offsets, values: data.rows })
    .array('fields', data.fields)
    .finish();
}

export function readSearch(file: Uint8Array, label = 'search'): SearchData {
  const reader = new ContainerReader(file, 'search', label);
  const tokens = reader.strings('tokens');
  const { offsets, values: rows } = reader.ragged('rows');
  const fields = reader.u8('fields');
  if (offsets.length !== tokens.length + 1 || fields.length !== rows.length) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: tokens, postings and fields differ in number`);
  }
  return { tokens, offsets, rows, fields };
}
