import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter, type Ragged } from './container';

const fieldsSchema = z.array(
  z.object({
    name: z.string(),
    weight: z.number(),
    /** Its terms may be named to people; words out of running text may not. */
    tellable: z.boolean(),
  }),
);

/**
 * The content matrix before weighting: term frequencies in compressed sparse rows. Weights are not stored,
 * since they follow from frequency, document frequency and field (lib/engine/recommenders/tfidf.ts).
 */
export interface ContentColumns {
  /** Field names with their weights; `termFields` points into them. */
  fields: z.infer<typeof fieldsSchema>;
  terms: string[];
  termFields: Uint8Array;
  /** Numbers of the terms that no reason names, ascending. */
  notNamed: Uint32Array;
  /** In how many items each term occurs, items pruned from `rows` included. */
  documentFrequency: Uint32Array;
  /** Term numbers by item, ascending. */
  rows: Ragged;
  /** How often the term occurs in the item, capped at 255; parallel to `rows.values`. */
  frequencies: Uint8Array;
}

export function writeContent(content: ContentColumns): Uint8Array<ArrayBuffer> {
  return new ContainerWriter('content')
    .json('fields', content.fields)
    .strings('terms', content.terms)
    .array('termFields', content.termFields)
    .deltas('notNamed', content.notNamed)
    .varint('docFreq', content.documentFrequency)
    .ragged('rows', content.rows)
    .array('frequencies', content.frequencies)
    .finish();
}

export function readContent(file: Uint8Array, label = 'content'): ContentColumns {
  const reader = new ContainerReader(file, 'content', label);
  const terms = reader.strings('terms');
  const content: ContentColumns = {
    fields: reader.json('fields', fieldsSchema),
    terms,
    termFields: reader.u8('termFields'),
    notNamed: reader.deltas('notNamed'),
    documentFrequency: reader.varint('docFreq'),
    rows: reader.ragged('rows', terms.length),
    frequencies: reader.u8('frequencies'),
  };
  const { fields, termFields, notNamed, documentFrequency, rows, frequencies } = content;
  const sound =
    termFields.length === terms.length &&
    documentFrequency.length === terms.length &&
    frequencies.length === rows.values.length &&
    termFields.every((field) => field < fields.length) &&
    notNamed.every((term) => term < terms.length);
  if (!sound) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: terms, fields and frequencies differ in number`,
    );
  }
  return content;
}
