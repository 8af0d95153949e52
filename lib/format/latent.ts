import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter } from './container';
import { addScales, type Codes, readScales, requireQuantised } from './scales';

/** Item factors of matrix factorisation, 8 bits a dimension, with the parameters of the fold-in of a user. */
export interface LatentColumns {
  dims: number;
  /** Row-major, items × dims; row `r` is catalog row `r`. */
  quantised: Codes;
  /** One an item: factor = quantised · scale. */
  scales: Float32Array;
  /** Weight α₀ of the unobserved pairs. */
  unobservedWeight: number;
  /** λ = regularization · (n + α₀·N), with n the length of the history and N the number of items trained on. */
  regularization: number;
  itemCount: number;
}

const metaSchema = z.object({ unobservedWeight: z.number().positive(), regularization: z.number().positive() });
/** A file with more dimensions is damaged. */
const MAX_DIMS = 1024;

/** @throws TypeError for factors that are not quantised */
export function writeLatent(latent: LatentColumns): Uint8Array<ArrayBuffer> {
  const writer = new ContainerWriter('latent')
    .json('meta', { unobservedWeight: latent.unobservedWeight, regularization: latent.regularization })
    .array('quantised', requireQuantised(latent.quantised), latent.dims);
  return addScales(writer, latent.scales).finish();
}

/** @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if sections contradict each other */
export function readLatent(file: Uint8Array, label = 'latent'): LatentColumns {
  const reader = new ContainerReader(file, 'latent', label);
  const [itemCount, dims] = reader.shape('quantised');
  const scales = readScales(reader, label);
  if (scales.length !== itemCount || dims < 1 || dims > MAX_DIMS) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: ${scales.length} scales for ${itemCount} items of ${dims} dimensions`,
    );
  }
  return {
    dims,
    itemCount,
    quantised: reader.i8('quantised'),
    scales,
    ...reader.json('meta', metaSchema),
  };
}

/**
 * Symmetric 8-bit quantisation with one scale a row: the largest magnitude of a row becomes ±127.
 *
 * @param factors row-major, rows × dims
 */
export function quantiseRows(factors: Float32Array, dims: number): { quantised: Int8Array; scales: Float32Array } {
  const rows = factors.length / dims;
  const quantised = new Int8Array(factors.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let d = 0; d < dims; d++) largest = Math.max(largest, Math.abs(factors[row * dims + d]));
    scales[row] = largest / 127;
    if (largest === 0) continue;
    for (let d = 0; d < dims; d++) quantised[row * dims + d] = Math.round(factors[row * dims + d] / scales[row]);
  }
  return { quantised, scales };
}

/** The inverse of {@link quantiseRows}, up to rounding. @returns factors, row-major, rows × dims */
export function dequantiseRows(quantised: Codes, scales: Float32Array, dims: number): Float32Array {
  const factors = new Float32Array(quantised.length);
  for (let row = 0; row < scales.length; row++) {
    for (let d = 0; d < dims; d++) factors[row * dims + d] = quantised[row * dims + d] * scales[row];
  }
  return factors;
}
