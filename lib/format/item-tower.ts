import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter } from './container';
import { addScales, type Codes, readScales, requireQuantised } from './scales';

/**
 * The item tower. The factors of an item without interactions are the sum over its content terms of TF-IDF weight times
 * the term's factors. Only terms with an effect are stored.
 */
export interface ItemTowerColumns {
  dims: number;
  /** Number of terms of the content artifact, whose numbers `terms` uses. */
  termCount: number;
  /** Numbers of the terms that have factors, ascending. */
  terms: Uint32Array;
  /** Row-major, terms × dims, 8 bits; row `i` is term `terms[i]`. */
  quantised: Codes;
  /** One a row: factor = quantised · scale. */
  scales: Float32Array;
}

/** A file with more dimensions is damaged. */
const MAX_DIMS = 1024;

/** @throws TypeError for factors that are not quantised */
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
    .array('quantised', requireQuantised(quantised), dims);
  return addScales(writer, scales).finish();
}

/** @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if sections contradict each other */
export function readItemTower(file: Uint8Array, label = 'itemtower'): ItemTowerColumns {
  const reader = new ContainerReader(file, 'itemtower', label);
  const [termCount = 0, ...more] = reader.u32('termCount');
  const terms = reader.deltas('terms', termCount);
  const [rows, dims] = reader.shape('quantised');
  const scales = readScales(reader, label);
  const isConsistent =
    more.length === 0 &&
    rows === terms.length &&
    scales.length === rows &&
    dims >= 1 &&
    dims <= MAX_DIMS &&
    terms.every((term, i) => i === 0 || term > terms[i - 1]);
  if (!isConsistent) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${label} is inconsistent: ${scales.length} scales and ${rows} rows of ${dims} dimensions for ${terms.length} ` +
        'terms, which must be distinct and ascending',
    );
  }
  return { dims, termCount, terms, quantised: reader.i8('quantised'), scales };
}
