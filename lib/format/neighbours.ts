import { InkpickError } from '../contracts/errors';
import type { SparseRows } from '../math/sparse';
import { BitReader, BitWriter, MOST_BITS } from './bits';
import { ContainerReader, ContainerWriter } from './container';
import { LEVELS, LEVELS_BELOW, levelOf, levelsBelow, QUANTISED, scaleOf } from './neighbours-levels';
import { bisectionOrder } from './neighbours-order';

/**
 * The item–item model: row `h` lists the items that liking `h` speaks for, with 8-bit weights. The score of item j is
 * scale_j · Σ over the history of weight_hj.
 */
export interface NeighbourColumns {
  /** By item of a history: the items it speaks for, ascending, never itself. */
  rows: SparseRows;
  /** Parallel to `rows.values`. */
  weights: Int8Array;
  /** By item spoken for: weight = quantised · scale. */
  scales: Float32Array;
}

/** A weight as the file has it: 0 where there is none, else 1 + 2 · level, and 1 more where it is negative. */
const codeOf = (level: number, isNegative: boolean): number => 1 + 2 * level + (isNegative ? 1 : 0);
const levelOfCode = (code: number): number => (code - 1) >> 1;
const isNegative = (code: number): boolean => (code & 1) === 0;

/** So many bits of a gap after its leading one are coded with its length in one byte; the rest are written as they are. */
const CLASS_BITS = 2;
/** The source of a weight and its code share 32 bits while it is decoded. */
const CODE_BITS = 8;
const CODE_MASK = 2 ** CODE_BITS - 1;
const MOST_ITEMS = 2 ** (32 - CODE_BITS);

/**
 * The file, as docs/FORMAT.md has it. Magnitudes are rounded to the levels of `neighbours-levels.ts`: columns that were read
 * from a file, or made by the pipeline, come back as they were.
 *
 * @throws RangeError where an item speaks for itself or for one that is not there
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

/** Each item's links to items it speaks for or that speak for it, with both codes; each pair stands with both its items. */
interface LinkedPairs {
  offsets: Uint32Array;
  links: Uint32Array;
  /** Code of the weight with which the lower row speaks for the higher one, and the other way round. */
  there: Uint8Array;
  back: Uint8Array;
}

function linkedPairs({ rows, weights, scales }: NeighbourColumns): LinkedPairs {
  const itemCount = scales.length;
  if (itemCount > MOST_ITEMS) throw new RangeError(`${itemCount} items are more than ${MOST_ITEMS}`);
  const links: Map<number, [there: number, back: number]>[] = Array.from({ length: itemCount }, () => new Map());
  for (let source = 0; source < itemCount; source++) {
    for (let i = rows.offsets[source]; i < rows.offsets[source + 1]; i++) {
      const target = rows.columns[i];
      if (target === source || target >= itemCount) throw new RangeError(`item ${source} cannot speak for ${target}`);
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

/** @throws InkpickError as {@link ContainerReader} does, and where the sections contradict each other */
export function readNeighbours(file: Uint8Array, label = 'neighbours'): NeighbourColumns {
  const reader = new ContainerReader(file, 'neighbours', label);
  const malformed = (what: string) => new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${what}`);
  const order = reader.deltas('order', MOST_ITEMS);
  const itemCount = order.length;
  const seen = new Uint8Array(itemCount);
  for (let place = 0; place < itemCount; place++) {
    const item = order[place];
    if (item >= itemCount || seen[item] === 1)
      throw malformed(`section "order" holds ${item}, which is no item or there already`);
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
  // By pair: the item with more likes, and the other.
  const lows = new Uint32Array(pairCount);
  const highs = new Uint32Array(pairCount);
  let pair = 0;
  for (let place = 0; place < itemCount; place++) {
    const item = order[place];
    let other = place;
    for (const end = pair + counts[place]; pair < end; pair++) {
      const width = classes[pair] >> CLASS_BITS;
      if (width > MOST_BITS) throw malformed(`section "gaps" holds ${classes[pair]}`);
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

/** `back` stands in the order of the code in `there` beside it, so that like weights are together; this undoes it. */
function inOrderOf(there: Uint8Array, back: Uint8Array): Uint8Array {
  const next = new Uint32Array(2 ** CODE_BITS + 1);
  for (let pair = 0; pair < there.length; pair++) next[there[pair] + 1]++;
  for (let code = 0; code < 2 ** CODE_BITS; code++) next[code + 1] += next[code];
  const result = new Uint8Array(back.length);
  for (let pair = 0; pair < there.length; pair++) result[pair] = back[next[there[pair]]++];
  return result;
}

/** Columns out of pairs of items: `lows` speaks for `highs` by the code in `there`, and `highs` for `lows` by `back`. */
function byHistory(
  itemCount: number,
  lows: Uint32Array,
  highs: Uint32Array,
  there: Uint8Array,
  back: Uint8Array,
): NeighbourColumns {
  // By item spoken for first: source and code of its weights.
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
  const free = starts.slice();
  for (let pair = 0; pair < lows.length; pair++) {
    if (there[pair] !== 0) entries[free[highs[pair]]++] = (lows[pair] << CODE_BITS) | there[pair];
    if (back[pair] !== 0) entries[free[lows[pair]]++] = (highs[pair] << CODE_BITS) | back[pair];
  }

  const scales = new Float32Array(itemCount);
  const columns = new Uint32Array(entries.length);
  const weights = new Int8Array(entries.length);
  const next = offsets.slice();
  // Items spoken for come in order, so that each row's list is ascending.
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
