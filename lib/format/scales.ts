import { InkpickError } from '../contracts/errors';
import type { ContainerReader, ContainerWriter } from './container';

/**
 * Numbers that are multiplied by a scale: 8 bits each in a file; as trained, with scales of 1, where an evaluation
 * measures what the 8 bits cost.
 */
export type Codes = Int8Array | Float32Array;

/** @throws TypeError for numbers that are not in 8 bits */
export function requireQuantised(codes: Codes): Int8Array {
  if (codes instanceof Int8Array) return codes;
  throw new TypeError('a model that was trained without quantisation cannot be written: files hold 8 bits a number');
}

/**
 * Writes the scales of quantised rows as a table of the few distinct scales and an index into it for each row. After
 * compression this costs less than a bit a row; 32 bits a row would cost nearly as much as the factors.
 *
 * @param scales one a row
 */
export function addScales(writer: ContainerWriter, scales: Float32Array): ContainerWriter {
  const distinct = Float32Array.from(new Set(scales)).sort();
  const indexes = new Map(Array.from(distinct, (scale, index) => [scale, index]));
  return writer.array('scales', distinct).varint(
    'scaleOf',
    Array.from(scales, (scale) => indexes.get(scale)!),
  );
}

/**
 * @returns one scale a row
 * @throws ARTIFACT_MALFORMED if an index is beyond the table
 */
export function readScales(reader: ContainerReader, label: string): Float32Array {
  const distinct = reader.f32('scales');
  const indexes = reader.varint('scaleOf');
  const scales = new Float32Array(indexes.length);
  for (let row = 0; row < scales.length; row++) scales[row] = distinct[indexes[row]];
  // An index beyond the table gives NaN.
  if (!scales.every(Number.isFinite))
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: a row's scale is none of the ${distinct.length}`,
    );
  return scales;
}
