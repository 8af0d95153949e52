import type { DomainData } from './catalog/domain-data';
import { type WeightedSignal, zScore } from './ranking/candidates';

/**
 * Selects the items that a new user is asked about, so that the answers distinguish tastes: those with the highest
 * popularity^γ · H(p), where H is the entropy of whether the user likes the item, given the answers so far. Popularity
 * times entropy does best in Rashid et al. 2002, "Getting to know you".
 */

/** γ: users cannot answer about unknown items, but answers about the best-known items carry little information. */
const POPULARITY_EXPONENT = 0.5;
/** What one standard deviation of the personal score adds to the log odds; small, because scores have long tails. */
const AFFINITY_SLOPE = 0.5;
/** The weight of similarity with earlier questions, against 1 − this for the value of a question. */
const SIMILARITY_WEIGHT = 0.5;
/** Questions are chosen among this many of the items with the highest value. */
const POOL_SIZE = 200;

/** An item that may be asked about. */
export interface Question {
  row: number;
  /** Users who chose it over users who chose the most popular item, 0 … 1. */
  popularity: number;
  /** The blended personal score, in standard deviations above the mean; 0 without personal signals. */
  affinity: number;
}

/**
 * The probability that a new user likes an item. It starts from the item's popularity, because the answer about an item
 * that all users choose can be predicted; the personal score moves the odds.
 *
 * @param resolution the step of popularity: 1 over the largest number of users
 */
export function likingProbability({ popularity, affinity }: Question, resolution: number): number {
  const prior = (popularity + resolution / 2) / (1 + resolution);
  return 1 / (1 + Math.exp(-(Math.log(prior / (1 - prior)) + AFFINITY_SLOPE * affinity)));
}

/** The entropy of a yes or no, in bits. */
export function entropy(p: number): number {
  const part = (q: number) => (q > 0 ? -q * Math.log2(q) : 0);
  return part(p) + part(1 - p);
}

/** Users are asked about this many of the most popular items. */
const MAX_KNOWN_ITEMS = 2000;

/**
 * The items that a user may be asked about, with the inputs of their value.
 *
 * @param signals in force for the user
 * @param excluded rows not to ask about
 */
export function readQuestions(
  { catalog, manifest: { counts } }: DomainData,
  signals: readonly WeightedSignal[],
  excluded: readonly number[],
): { questions: Question[]; resolution: number } {
  const excludedRows = new Set(excluded);
  const personal = signals.filter(({ signal }) => signal !== 'popular');
  const weights = personal.reduce((sum, { weight }) => sum + Math.abs(weight), 0) || 1;
  const most = Math.max(1, counts.items > 0 ? catalog.popularity(0) : 0);
  const known = Math.min(MAX_KNOWN_ITEMS, counts.warmItems || counts.items);
  const questions = Array.from({ length: known }, (_, row) => row)
    .filter((row) => !excludedRows.has(row))
    .map((row) => ({
      row,
      popularity: catalog.popularity(row) / most,
      affinity: personal.reduce((sum, { profile, weight }) => sum + weight * zScore(profile, row), 0) / weights,
    }));
  return { questions, resolution: 1 / most };
}

/**
 * Selects the next questions by maximal marginal relevance, which moves questions that resemble an earlier or a better
 * one down the list.
 *
 * @param asked rows that were asked about already
 * @param similarity about [0, 1]
 * @returns rows, best first, at most `count`
 */
export function chooseQuestions(
  questions: readonly Question[],
  resolution: number,
  asked: readonly number[],
  count: number,
  similarity: (a: number, b: number) => number,
): number[] {
  const pool = questions
    .map((question) => ({
      row: question.row,
      value: question.popularity ** POPULARITY_EXPONENT * entropy(likingProbability(question, resolution)),
      closest: 0,
    }))
    .sort((a, b) => b.value - a.value || a.row - b.row)
    .slice(0, Math.max(POOL_SIZE, count));
  const most = pool[0]?.value || 1;
  const compare = (row: number) => {
    for (const other of pool) other.closest = Math.max(other.closest, similarity(row, other.row));
  };
  for (const row of asked) compare(row);
  const chosen: number[] = [];
  while (chosen.length < count && pool.length > 0) {
    let best = 0;
    const marginal = ({ value, closest }: (typeof pool)[number]) =>
      ((1 - SIMILARITY_WEIGHT) * value) / most - SIMILARITY_WEIGHT * closest;
    for (let i = 1; i < pool.length; i++) if (marginal(pool[i]) > marginal(pool[best])) best = i;
    const [{ row }] = pool.splice(best, 1);
    chosen.push(row);
    compare(row);
  }
  return chosen;
}
