import { TopK } from '../../../lib/math/top-k';
import { HEAD_ITEMS } from '../../metrics/head-items';
import { Adam } from '../gradients';
import { RELATED_FEATURES, type RelatedData, type RelatedFeature, RelatedFeatures } from './related-features';

/** What relatedness is fitted to. */
export interface RelatedTargets {
  /** Whether people related the items to each other; else users chose one after the other. */
  areJudged: boolean;
  targets: RelatedTarget[];
}

/** Items that should be in the list about another. */
export interface RelatedTarget {
  seed: number;
  /** Rows, repeats allowed: two people recommended the same. */
  related: readonly number[];
}

/** Relatedness of an item to a seed is Σ weight · feature, in nats: the weights are those of a softmax. */
export type RelatedWeights = Record<RelatedFeature, number>;

/** The candidates of a seed among which the softmax chooses: the best by the initial weights. */
const POOL = 1500;
const INITIAL: RelatedWeights = {
  content: 0.25,
  card: 0.35,
  text: 0.1,
  creators: 0.25,
  together: 0.3,
  popularity: 0.7,
  popularitySquared: 0,
  quality: 0,
};
/**
 * What an item is about. What users choose after another says little of it, as of songs that a radio station plays in
 * turn: without judged pairs these weights stay about what those of films gave.
 */
const FACTS: readonly RelatedFeature[] = ['content', 'card', 'text', 'creators'];
/** Pulls the weights towards 0. */
const DECAY = 1e-3;
/**
 * How much a list about one item pays for the probability that it gives to the most popular items. Without it the
 * lists of a third of all films end in the same hits; docs/adr/0013 has the curve.
 */
const HEAD_PENALTY = 2;
const STEPS = 400;
const LEARNING_RATE = 0.03;

interface Case {
  /** By feature, parallel to the pool. */
  columns: Float32Array[];
  /** How often each of the pool is a target. */
  counts: Float32Array;
  total: number;
  isHead: Uint8Array;
}

/**
 * Fits the weights of relatedness to items that people related: a softmax over the candidates of each seed (McFadden
 * 1974) by maximum likelihood, with a penalty on the probability of the most popular items.
 *
 * @returns the initial weights if no target is among the candidates
 */
export function fitRelated(data: RelatedData, { areJudged, targets }: RelatedTargets): RelatedWeights {
  const cases = collectCases(data, targets);
  if (cases.length === 0) return INITIAL;
  const weights = Float32Array.from(RELATED_FEATURES, (name) => INITIAL[name]);
  const adam = new Adam([weights]);
  const gradient = new Float32Array(weights.length);
  for (let step = 0; step < STEPS; step++) {
    gradient.fill(0);
    for (const one of cases) addGradient(one, weights, gradient, cases.length);
    weights.forEach((weight, f) => {
      gradient[f] = areJudged || !FACTS.includes(RELATED_FEATURES[f]) ? gradient[f] + 2 * DECAY * weight : 0;
    });
    adam.step([gradient], (LEARNING_RATE / 2) * (1 + Math.cos((Math.PI * step) / STEPS)));
  }
  return Object.fromEntries(RELATED_FEATURES.map((name, f) => [name, weights[f]])) as RelatedWeights;
}

function collectCases(data: RelatedData, targets: readonly RelatedTarget[]): Case[] {
  const features = new RelatedFeatures(data);
  const { candidates, items } = data;
  const place = new Map(Array.from(candidates, (row, i) => [row, i]));
  const likes = (row: number) => items.offsets[row + 1] - items.offsets[row];
  const head = new TopK(HEAD_ITEMS);
  for (const row of candidates) head.push(row, likes(row));
  const isHead = new Set(head.drain());
  return targets.flatMap(({ seed, related }): Case[] => {
    const columns = features.compute(seed);
    const best = new TopK(POOL);
    for (let i = 0; i < candidates.length; i++) {
      if (candidates[i] === seed) continue;
      let score = 0;
      RELATED_FEATURES.forEach((name, f) => {
        score += INITIAL[name] * columns[f][i];
      });
      best.push(i, score);
    }
    const pool = best.drain();
    const position = new Map(Array.from(pool, (i, at) => [i, at]));
    const counts = new Float32Array(pool.length);
    let total = 0;
    for (const row of related) {
      const at = position.get(place.get(row) ?? -1);
      if (at === undefined) continue;
      counts[at]++;
      total++;
    }
    if (total === 0) return [];
    return [
      {
        columns: columns.map((column) => Float32Array.from(pool, (i) => column[i])),
        counts,
        total,
        isHead: Uint8Array.from(pool, (i) => (isHead.has(candidates[i]) ? 1 : 0)),
      },
    ];
  });
}

/** Adds the gradient of one seed's mean negative log-likelihood and of its penalty, over `cases`. */
function addGradient(
  { columns, counts, total, isHead }: Case,
  weights: Float32Array,
  gradient: Float32Array,
  cases: number,
): void {
  const size = counts.length;
  const scores = new Float64Array(size);
  columns.forEach((column, f) => {
    for (let i = 0; i < size; i++) scores[i] += weights[f] * column[i];
  });
  const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    scores[i] = Math.exp(scores[i] - most);
    sum += scores[i];
  }
  let headShare = 0;
  for (let i = 0; i < size; i++) {
    scores[i] /= sum;
    if (isHead[i]) headShare += scores[i];
  }
  for (let i = 0; i < size; i++) {
    const slope = scores[i] - counts[i] / total + HEAD_PENALTY * scores[i] * (isHead[i] - headShare);
    if (slope === 0) continue;
    for (let f = 0; f < columns.length; f++) gradient[f] += (slope * columns[f][i]) / cases;
  }
}
