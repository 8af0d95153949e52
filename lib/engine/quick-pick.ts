/**
 * Which items to ask a newcomer about, so that the answers tell tastes apart: popularity^γ · H(p), after Rashid et al. 2002
 * ("Getting to know you", where popularity times entropy does best), with H the entropy of whether the newcomer likes the
 * item, under what is known so far.
 */

/** γ: how much an item's being known counts. One that nobody knows is no question, yet the famous alone tell little. */
const POPULARITY_EXPONENT = 0.5;
/** What one standard deviation adds to the logarithm of the odds; the tails of the signals are long. */
const AFFINITY_SLOPE = 0.5;
/** What it costs a question to be like another one, against what its answer tells. */
const SAMENESS = 0.5;
/** Questions are chosen from so many of the best. */
const POOL = 200;

/** An item that may be asked about. */
export interface Question {
  row: number;
  /** How many users chose it, over how many chose the best-known item, 0 … 1. */
  popularity: number;
  /** In standard deviations above the mean, what the signals say so far; 0 where they know nothing. */
  affinity: number;
}

/**
 * The probability that a newcomer likes an item: without any knowledge how popular it is, so that of the item that everyone
 * chooses the answer is known beforehand; what the signals say moves the odds.
 *
 * @param resolution how fine popularity is counted: 1 over the largest number of users
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

/**
 * The next questions, best first, by maximal marginal relevance: one that is like those asked before, or like a better one,
 * comes later or not at all.
 *
 * @param asked rows asked about already; @param similarity about [0, 1]
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
    .slice(0, Math.max(POOL, count));
  const most = pool[0]?.value || 1;
  const compare = (row: number) => {
    for (const other of pool) other.closest = Math.max(other.closest, similarity(row, other.row));
  };
  for (const row of asked) compare(row);
  const chosen: number[] = [];
  while (chosen.length < count && pool.length > 0) {
    let best = 0;
    const marginal = ({ value, closest }: (typeof pool)[number]) =>
      ((1 - SAMENESS) * value) / most - SAMENESS * closest;
    for (let i = 1; i < pool.length; i++) if (marginal(pool[i]) > marginal(pool[best])) best = i;
    const [{ row }] = pool.splice(best, 1);
    chosen.push(row);
    compare(row);
  }
  return chosen;
}
