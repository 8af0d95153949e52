import { InkpickError } from '../contracts/errors';
import type { SparseRows } from '../math/sparse';
import { BitReader, BitWriter, MAX_BITS } from './bits';
import { ContainerReader, ContainerWriter } from './container';
import { LEVELS, LEVELS_BELOW, levelOf, levelsBelow, QUANTISED, scaleOf } from './neighbours-levels';
import { bisectionOrder } from './neighbours-order';
import { type Codes, requireQuantised } from './scales';

/**
 * The item–item model: row `h` lists the items whose score a like of `h` changes, with 8-bit weights. The score of item
 * j is scale_j · Σ weight_hj over the items h of the history.
 */
export interface NeighbourColumns {
  /** By item of a history: the items that it scores, ascending, without itself. */
  rows: SparseRows;
  /** Parallel to `rows.columns`. */
  weights: Codes;
  /** By scored item: weight = quantised · scale. */
  scales: Float32Array;
}

/** The code of a weight in the file: 0 for no weight, else 1 + 2 · level, plus 1 if it is negative. */
const codeOf = (level: number, isNegative: boolean): number => 1 + 2 * level + (isNegative ? 1 : 0);
const levelOfCode = (code: number): number => (code - 1) >> 1;
const isNegative = (code: number): boolean => (code & 1) === 0;

/**
 * One byte encodes the length of a gap and this many bits after its leading one; the lower bits follow uncompressed.
 */
const CLASS_BITS = 2;
/** While decoding, the source item of a weight and its code share 32 bits. */
const CODE_BITS = 8;
const CODE_MASK = 2 ** CODE_BITS - 1;
const MAX_ITEMS = 2 ** (32 - CODE_BITS);

/**
 * Writes the format of docs/FORMAT.md. Magnitudes are rounded to the levels of `neighbours-levels.ts`. Columns that
 * were read from a file or made by the pipeline are on these levels already, and are read back unchanged.
 *
 * @throws RangeError if an item scores itself or an item that does not exist; TypeError for weights that are not
 *   quantised
 */
export function writeNeighbours(columns: NeighbourColumns): Uint8Array<ArrayBuffer> {
  const { offsets, links, there, back } = linkedPairs(columns);
  const itemCount = columns.scales.length;
  const order = bisectionOrder({ offsets, links });
  const places = new Uint32Array(itemCount);
  order.forEach((item, place) => {
    places[item] = place;
  });
  const counts = new Uint32Array(itemCount);
  const classes: number[] = [];
  const bits = new BitWriter();
  const forward: number[] = [];
  const backward: number[][] = Array.from({ length: 2 ** CODE_BITS }, () => []);
  order.forEach((item, place) => {
    const earlier: number[] = [];
    for (let i = offsets[item]; i < offsets[item + 1]; i++) if (places[links[i]] < place) earlier.push(i);
    earlier.sort((a, b) => places[links[b]] - places[links[a]]);
    counts[place] = earlier.length;
    let last = place;
    for (const i of earlier) {
      const value = last - places[links[i]] - 1 + 2 ** CLASS_BITS;
      const width = 31 - Math.clz32(value) - CLASS_BITS;
      classes.push((width << CLASS_BITS) + (value >>> width) - 2 ** CLASS_BITS);
      bits.write(value & ((1 << width) - 1), width);
      forward.push(there[i]);
      backward[there[i]].push(back[i]);
      last = places[links[i]];
    }
  });
  return new ContainerWriter('neighbours')
    .deltas('order', order)
    .varint('counts', counts)
    .array('gaps', Uint8Array.from(classes))
    .array('gapBits', bits.finish())
    .array('there', Uint8Array.from(forward))
    .array('back', Uint8Array.from(backward.flat()))
    .finish();
}

/**
 * The links of each item to the items that it scores or that score it, with both codes. Each pair occurs with both
 * items.
 */
interface LinkedPairs {
  offsets: Uint32Array;
  links: Uint32Array;
  /** Code of the weight from the lower row to the higher one, and of the weight in the other direction. */
  there: Uint8Array;
  back: Uint8Array;
}

function linkedPairs({ rows, weights: codes, scales }: NeighbourColumns): LinkedPairs {
  const weights = requireQuantised(codes);
  const itemCount = scales.length;
  if (itemCount > MAX_ITEMS) throw new RangeError(`${itemCount} items are more than ${MAX_ITEMS}`);
  const links: Map<number, [there: number, back: number]>[] = Array.from({ length: itemCount }, () => new Map());
  for (let source = 0; source < itemCount; source++) {
    for (let i = rows.offsets[source]; i < rows.offsets[source + 1]; i++) {
      const target = rows.columns[i];
      if (target === source || target >= itemCount) throw new RangeError(`item ${source} cannot score ${target}`);
      if (weights[i] === 0 || scales[target] === 0) continue;
      const level = levelOf(127 * scales[target]) + levelsBelow(weights[i]);
      if (level >= LEVELS) continue;
      const codes = links[source].get(target) ?? [0, 0];
      codes[source < target ? 0 : 1] = codeOf(level, weights[i] < 0);
      links[source].set(target, codes);
      links[target].set(source, codes);
    }
  }
  const offsets = new Uint32Array(itemCount + 1);
  links.forEach((others, item) => {
    offsets[item + 1] = offsets[item] + others.size;
  });
  const flat = links.flatMap((others) => [...others].sort(([a], [b]) => a - b));
  return {
    offsets,
    links: Uint32Array.from(flat, ([other]) => other),
    there: Uint8Array.from(flat, ([, [there]]) => there),
    back: Uint8Array.from(flat, ([, [, back]]) => back),
  };
}

/** @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if sections contradict each other */
export function readNeighbours(file: Uint8Array, label = 'neighbours'): NeighbourColumns {
  const reader = new ContainerReader(file, 'neighbours', label);
  const malformed = (what: string) => new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${what}`);
  const order = reader.deltas('order', MAX_ITEMS);
  const itemCount = order.length;
  const seen = new Uint8Array(itemCount);
  for (let place = 0; place < itemCount; place++) {
    const item = order[place];
    if (item >= itemCount || seen[item] === 1)
      throw malformed(`section "order" holds ${item}, which is not an item or occurs twice`);
    seen[item] = 1;
  }
  const counts = reader.varint('counts');
  const classes = reader.u8('gaps');
  const gapBits = new BitReader(reader.u8('gapBits'));
  const there = reader.u8('there');
  const back = reader.u8('back');
  const pairCount = classes.length;
  if (
    counts.length !== itemCount ||
    counts.reduce((sum, count) => sum + count, 0) !== pairCount ||
    there.length !== pairCount ||
    back.length !== pairCount
  ) {
    throw malformed(
      `${counts.length} counts for ${itemCount} items; ${pairCount} gaps, ${there.length} and ${back.length} weights`,
    );
  }

  const backward = inOrderOf(there, back);
  // By pair: the item with more interactions, which has the lower row, and the other.
  const lows = new Uint32Array(pairCount);
  const highs = new Uint32Array(pairCount);
  let pair = 0;
  for (let place = 0; place < itemCount; place++) {
    const item = order[place];
    let other = place;
    for (const end = pair + counts[place]; pair < end; pair++) {
      const width = classes[pair] >> CLASS_BITS;
      if (width > MAX_BITS) throw malformed(`section "gaps" holds ${classes[pair]}`);
      const leading = (classes[pair] & (2 ** CLASS_BITS - 1)) + 2 ** CLASS_BITS;
      other -= (leading << width) + gapBits.read(width) - 2 ** CLASS_BITS + 1;
      if (other < 0) throw malformed('section "gaps" leads out of the order');
      lows[pair] = Math.min(item, order[other]);
      highs[pair] = Math.max(item, order[other]);
    }
  }
  if (!gapBits.finished) throw malformed('section "gapBits" does not have the size of its gaps');
  for (pair = 0; pair < pairCount; pair++)
    if (there[pair] === 0 && backward[pair] === 0) throw malformed('a pair of items has no weight');
  return byHistory(itemCount, lows, highs, there, backward);
}

/**
 * In the file, `back` is sorted by the code in `there`, which groups similar weights.
 *
 * @returns `back` in order of pairs
 */
function inOrderOf(there: Uint8Array, back: Uint8Array): Uint8Array {
  const next = new Uint32Array(2 ** CODE_BITS + 1);
  for (let pair = 0; pair < there.length; pair++) next[there[pair] + 1]++;
  for (let code = 0; code < 2 ** CODE_BITS; code++) next[code + 1] += next[code];
  const result = new Uint8Array(back.length);
  for (let pair = 0; pair < there.length; pair++) result[pair] = back[next[there[pair]]++];
  return result;
}

/**
 * Converts pairs of items to rows by item of the history.
 *
 * @param lows the lower row of each pair
 * @param highs the higher row of each pair
 * @param there code of the weight from low to high
 * @param back code of the weight from high to low
 */
function byHistory(
  itemCount: number,
  lows: Uint32Array,
  highs: Uint32Array,
  there: Uint8Array,
  back: Uint8Array,
): NeighbourColumns {
  // First by scored item: source and code of each weight.
  const starts = new Uint32Array(itemCount + 1);
  const offsets = new Uint32Array(itemCount + 1);
  for (let pair = 0; pair < lows.length; pair++) {
    if (there[pair] !== 0) {
      starts[highs[pair] + 1]++;
      offsets[lows[pair] + 1]++;
    }
    if (back[pair] !== 0) {
      starts[lows[pair] + 1]++;
      offsets[highs[pair] + 1]++;
    }
  }
  for (let item = 0; item < itemCount; item++) {
    starts[item + 1] += starts[item];
    offsets[item + 1] += offsets[item];
  }
  const entries = new Uint32Array(offsets[itemCount]);
  const nextFree = starts.slice();
  for (let pair = 0; pair < lows.length; pair++) {
    if (there[pair] !== 0) entries[nextFree[highs[pair]]++] = (lows[pair] << CODE_BITS) | there[pair];
    if (back[pair] !== 0) entries[nextFree[lows[pair]]++] = (highs[pair] << CODE_BITS) | back[pair];
  }

  const scales = new Float32Array(itemCount);
  const columns = new Uint32Array(entries.length);
  const weights = new Int8Array(entries.length);
  const next = offsets.slice();
  // Scored items are visited in order, which makes each row ascending.
  for (let target = 0; target < itemCount; target++) {
    const begin = starts[target];
    const end = starts[target + 1];
    if (begin === end) continue;
    let largest = LEVELS;
    for (let i = begin; i < end; i++) largest = Math.min(largest, levelOfCode(entries[i] & CODE_MASK));
    scales[target] = scaleOf(largest);
    for (let i = begin; i < end; i++) {
      const code = entries[i] & CODE_MASK;
      const below = levelOfCode(code) - largest;
      const quantised = below < LEVELS_BELOW ? QUANTISED[below] : 0;
      const at = next[entries[i] >>> CODE_BITS]++;
      columns[at] = target;
      weights[at] = isNegative(code) ? -quantised : quantised;
    }
  }
  return { rows: { offsets, columns }, weights, scales };
}
