import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter } from './container';
import { addScales, readScales } from './scales';

/**
 * The item tower: the factors of an item that nobody chose yet are the sum over its content terms of TF-IDF times the
 * factors of the term. Only terms that move something are there.
 */
export interface ItemTowerColumns {
  dims: number;
  /** Of the content artifact, which the numbers of `terms` belong to. */
  termCount: number;
  /** The terms that have factors, ascending. */
  terms: Uint32Array;
  /** Row-major, terms × dims, 8 bits; row `i` is term `terms[i]`. */
  quantised: Int8Array;
  /** By row: factor = quantised · scale. */
  scales: Float32Array;
}

/** A model of more dimensions than this is a damaged file. */
const MOST_DIMS = 1024;

export function writeItemTower({
  dims,
  termCount,
  terms,
  quantised,
  scales,
}: ItemTowerColumns): Uint8Array<ArrayBuffer> {
  const writer = new ContainerWriter('itemtower')
    .array('termCount', Uint32Array.of(termCount))
    .deltas('terms', terms)
    .array('quantised', quantised, dims);
  return addScales(writer, scales).finish();
}

export function readItemTower(file: Uint8Array, label = 'itemtower'): ItemTowerColumns {
  const reader = new ContainerReader(file, 'itemtower', label);
  const [termCount = 0, ...more] = reader.u32('termCount');
  const terms = reader.deltas('terms', termCount);
  const [rows, dims] = reader.shape('quantised');
  const scales = readScales(reader, label);
  const sound =
    more.length === 0 &&
    rows === terms.length &&
    scales.length === rows &&
    dims >= 1 &&
    dims <= MOST_DIMS &&
    terms.every((term, i) => i === 0 || term > terms[i - 1]);
  if (!sound) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: ${scales.length} scales and ${rows} rows of ${dims} dimensions for ${terms.length} ` +
        'terms, which must be distinct and ascending',
    );
  }
  return { dims, termCount, terms, quantised: reader.i8('quantised'), scales };
}
