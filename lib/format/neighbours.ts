import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter, type Ragged } from './container';

/**
 * The item–item model: row `h` lists the items that liking `h` speaks for, with 8-bit weights. The score of item j is
 * scale_j · Σ over the history of weight_hj.
 */
export interface NeighbourColumns {
  /** By item of a history: the items it speaks for, ascending. */
  rows: Ragged;
  /** Parallel to `rows.values`. */
  weights: Int8Array;
  /** By item spoken for: weight = quantised · scale. */
  scales: Float32Array;
}

export function writeNeighbours({ rows, weights, scales }: NeighbourColumns): Uint8Array<ArrayBuffer> {
  return new ContainerWriter('neighbours')
    .ragged('rows', rows)
    .array('weights', weights)
    .array('scales', scales)
    .finish();
}

export function readNeighbours(file: Uint8Array, label = 'neighbours'): NeighbourColumns {
  const reader = new ContainerReader(file, 'neighbours', label);
  const scales = reader.f32('scales');
  const rows = reader.ragged('rows', scales.length);
  const weights = reader.i8('weights');
  if (rows.offsets.length - 1 !== scales.length || weights.length !== rows.values.length) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: ${scales.length} scales for ${rows.offsets.length - 1} items, ${weights.length} weights for ${rows.values.length} neighbours`,
    );
  }
  return { rows, weights, scales };
}
