import { InkpickError } from '../contracts/errors';
import type { ContainerReader, ContainerWriter } from './container';

/**
 * The scales of quantised rows as a table of the few that differ and, for every row, its place in it. Together they cost
 * less than a bit a row, where 32 bits a row would rival the factors themselves.
 */
export function addScales(writer: ContainerWriter, scales: Float32Array): ContainerWriter {
  const distinct = Float32Array.from(new Set(scales)).sort();
  const places = new Map(Array.from(distinct, (scale, place) => [scale, place]));
  return writer.array('scales', distinct).varint(
    'scaleOf',
    Array.from(scales, (scale) => places.get(scale)!),
  );
}

/** @returns one scale a row */
export function readScales(reader: ContainerReader, label: string): Float32Array {
  const distinct = reader.f32('scales');
  const places = reader.varint('scaleOf');
  const scales = new Float32Array(places.length);
  for (let row = 0; row < scales.length; row++) scales[row] = distinct[places[row]];
  // A place beyond the table gives NaN.
  if (!scales.every(Number.isFinite))
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: a row's scale is none of the ${distinct.length}`,
    );
  return scales;
}
