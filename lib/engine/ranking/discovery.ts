import { TopK } from '../../math/top-k';
import { aboutSignals } from './about';
import { type Ranking, rankRows, ScoreTable, type WeightedSignal, zScore } from './candidates';

/**
 * Well or little known items are chosen among so many of the most relevant ones, or this many times the list: at either
 * end the list still has to do with what the user likes.
 */
const MIN_POOL = 80;
const POOL_FACTOR = 4;
/** Of so many times as many, those stay that are most about it: the hits of all users are relevant to everybody. */
const RELEVANT_FACTOR = 2;
/** At ±1 a standard deviation of popularity is worth this many standard deviations of relevance. */
const STRENGTH = 4;

/**
 * Shifts the weight of popularity so that a list has better known (−1) or less known items (1), and leaves the rows
 * that it is chosen from.
 *
 * @param popular the profile of popularity, which may have no weight so far
 * @param discovery −1 … 1
 * @param topK length of the list
 * @returns the signals with the new weight, and the rows that they rank
 */
export function applyDiscovery(
  table: ScoreTable,
  signals: readonly WeightedSignal[],
  popular: Pick<WeightedSignal, 'profile' | 'quota'>,
  discovery: number,
  topK: number,
): { table: ScoreTable; signals: WeightedSignal[] } {
  const size = Math.max(MIN_POOL, POOL_FACTOR * topK);
  const pool = mostAbout(rankRows(table, signals, RELEVANT_FACTOR * size), signals, size);
  const known = Float64Array.from(pool.rows, (row) => zScore(popular.profile, row));
  const shift = (-discovery * STRENGTH * deviation(pool.scores)) / (deviation(known) || 1);
  const others = signals.filter(({ signal }) => signal !== 'popular');
  const weight = (signals.find(({ signal }) => signal === 'popular')?.weight ?? 0) + shift;
  return {
    // Relevance has chosen these rows; where they come from stays true of the whole pool.
    table: new ScoreTable(pool.rows, table.sources),
    signals: [...others, { ...popular, signal: 'popular', weight }],
  };
}

/** The rows that are most about what the user likes, in their order; the best ones if no signal says so. */
function mostAbout(ranking: Ranking, signals: readonly WeightedSignal[], size: number): Ranking {
  const about = aboutSignals(signals);
  const best = new TopK(size);
  ranking.rows.forEach((row, place) => {
    best.push(
      place,
      about.reduce((sum, { weight, profile }) => sum + weight * zScore(profile, row), 0),
    );
  });
  const places = best.drain().sort();
  return {
    rows: Uint32Array.from(places, (place) => ranking.rows[place]),
    scores: Float64Array.from(places, (place) => ranking.scores[place]),
  };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}
