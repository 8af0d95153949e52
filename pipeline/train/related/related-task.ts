import { rowCount } from '../../../lib/math/sparse';
import { TopK } from '../../../lib/math/top-k';
import type { RelatedWeights } from './fit-related';
import { RELATED_FEATURES, type RelatedData, RelatedFeatures } from './related-features';

/** A range of seeds for one thread. */
export interface RelatedTask {
  data: RelatedData;
  weights: RelatedWeights;
  /** Items per list. */
  size: number;
  from: number;
  to: number;
}

/** The list about one item: rows, best first, and how far each is above the first row that is left out, in nats. */
export interface RelatedList {
  rows: Uint32Array;
  weights: Float32Array;
}

/** Items of one title in a list: remakes and other cuts. */
const MAX_SAME_WORK = 1;
/** Items of one creator in a list: a list about a song is about more than its singer. */
const MAX_SAME_CREATOR = 5;
/** How many times as many candidates are looked at, since some are left out. */
const SPARE = 8;

/** The most related items of each seed in [from, to). Of items with the same title a list has the best one. */
export function relatedLists({ data, weights, size, from, to }: RelatedTask): RelatedList[] {
  const features = new RelatedFeatures(data);
  const { candidates, workOf, creatorOf, creatorTerms } = data;
  const noCreator = rowCount(creatorTerms.rows) - 1;
  const factors = RELATED_FEATURES.map((name) => weights[name]);
  const scores = new Float32Array(candidates.length);
  const lists: RelatedList[] = [];
  for (let seed = from; seed < to; seed++) {
    const columns = features.compute(seed);
    scores.fill(0);
    factors.forEach((factor, f) => {
      if (factor === 0) return;
      const column = columns[f];
      for (let i = 0; i < scores.length; i++) scores[i] += factor * column[i];
    });
    const best = new TopK(SPARE * (size + 1));
    for (let i = 0; i < scores.length; i++)
      if (candidates[i] !== seed && scores[i] > best.threshold) best.push(candidates[i], scores[i]);
    const ranked = best.drainScored();
    const works = new Map<number, number>();
    const creators = new Map<number, number>();
    const kept: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < ranked.rows.length; i++) {
      const row = ranked.rows[i];
      if (countOne(works, workOf[row]) > MAX_SAME_WORK) continue;
      if (creatorOf[row] !== noCreator && countOne(creators, creatorOf[row]) > MAX_SAME_CREATOR) continue;
      if (kept.length === size) {
        last = ranked.scores[i];
        break;
      }
      kept.push(i);
    }
    const base = last === Number.NEGATIVE_INFINITY ? (ranked.scores.at(-1) ?? 0) - 1 : last;
    lists.push({
      rows: Uint32Array.from(kept, (i) => ranked.rows[i]),
      weights: Float32Array.from(kept, (i) => ranked.scores[i] - base),
    });
  }
  return lists;
}

/** Counts one more of a key. @returns how many there are now */
function countOne(counts: Map<number, number>, key: number): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
