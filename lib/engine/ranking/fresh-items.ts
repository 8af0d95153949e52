import { betaCdf, sampleBeta } from '../../math/beta';
import { hashSeed, mulberry32 } from '../../math/random';
import { type WeightedSignal, zScore } from './candidates';
import type { FreshItem } from './live-rows';

/**
 * A first audience for new items by Thompson sampling (Thompson 1933; Chapelle & Li 2011). The unknown rate θ at which
 * an item is clicked has a Beta distribution. Its prior, Beta(1, k) with k = 1 / b − 1, has the base rate b of
 * everything shown as its mean, and the weight of the 1 / b impressions that lead to one click on average.
 */

/** How often an item was shown, and how many of these impressions were clicked. */
export interface Counts {
  impressions: number;
  clicks: number;
}

/** The probability from which an item has had its first audience, one way or the other. */
const DECIDED_PROBABILITY = 0.95;
/** Base rates are clamped to [this, 1 − this]: at 0 or 1 the samples of all items would be equal. */
const MIN_RATE = 1e-4;
/** Places reserved for fresh items, the 6th of every ten: high enough to be seen, and never the first. */
const FIRST_PLACE = 6;
const PLACES_APART = 10;
/** The personal score of a fresh item is compared with those of so many items with interactions, evenly spread. */
const PERCENTILE_SAMPLE = 200;

/** The parameters of the Beta distribution of an item's rate. Clicks beyond the impressions add to these. */
export function posterior({ impressions, clicks }: Counts, baseRate: number): { a: number; b: number } {
  const rate = clampRate(baseRate);
  return { a: 1 + clicks, b: 1 / rate - 1 + Math.max(0, impressions - clicks) };
}

const clampRate = (rate: number): number => Math.min(1 - MIN_RATE, Math.max(MIN_RATE, rate));

/** P(θ < base rate): the probability that an item does worse than what is shown otherwise. */
export function probabilityBelow(counts: Counts, baseRate: number): number {
  const { a, b } = posterior(counts, baseRate);
  return betaCdf(clampRate(baseRate), a, b);
}

/**
 * Whether a new item has had its first audience: `failed` once it does worse than the base rate with a probability
 * above 0.95; `proven` once it does better, from when on it competes by its score alone; null before.
 */
export function audienceOver(counts: Counts, baseRate: number): 'failed' | 'proven' | null {
  const below = probabilityBelow(counts, baseRate);
  return below > DECIDED_PROBABILITY ? 'failed' : 1 - below > DECIDED_PROBABILITY ? 'proven' : null;
}

/** A sample of the rate of an item. Each item has a random sequence of its own, which other items do not shift. */
export function sampleRate(id: string, counts: Counts, baseRate: number, seed: number): number {
  const { a, b } = posterior(counts, baseRate);
  return sampleBeta(mulberry32(hashSeed(`${seed} ${id}`)), a, b);
}

/** How many fresh items a list has places for. */
export const freshPlaces = (length: number): number =>
  length < FIRST_PLACE ? 0 : 1 + Math.floor((length - FIRST_PLACE) / PLACES_APART);

/**
 * Puts fresh items into the places reserved for them, as far as either goes. The others move down, and the last ones
 * drop out.
 *
 * @param list best first
 * @param fresh best first, none of them in `list`
 * @returns as long as `list`
 */
export function fillFreshPlaces<T>(list: readonly T[], fresh: readonly T[]): T[] {
  const filled = [...list];
  for (let i = 0, place = FIRST_PLACE; i < fresh.length && place <= list.length; i++, place += PLACES_APART)
    filled.splice(place - 1, 0, fresh[i]);
  return filled.slice(0, list.length);
}

/**
 * The best fresh items by the sampled rate at which they are clicked times the percentile of their personal score.
 *
 * @param signals in force for the user
 * @param warmItems how many of the first catalog rows have interactions
 * @returns rows, best first, at most `places`
 */
export function rankFresh(
  items: readonly FreshItem[],
  places: number,
  {
    signals,
    baseRate,
    warmItems,
    seed,
  }: {
    signals: readonly WeightedSignal[];
    baseRate: number;
    warmItems: number;
    seed: number;
  },
): number[] {
  if (places === 0 || items.length === 0) return [];
  const percentile = percentileOf(signals, warmItems);
  return items
    .map((item) => ({ row: item.row, value: sampleRate(item.id, item, baseRate, seed) * percentile(item.row) }))
    .sort((a, b) => b.value - a.value || a.row - b.row)
    .slice(0, places)
    .map(({ row }) => row);
}

/** The share of the items with interactions whose personal score is lower, by a sample; a half without such a score. */
function percentileOf(signals: readonly WeightedSignal[], warmItems: number): (row: number) => number {
  const personal = signals.filter(({ signal }) => signal !== 'popular' && signal !== 'social');
  const score = (row: number) => personal.reduce((sum, { profile, weight }) => sum + weight * zScore(profile, row), 0);
  const size = Math.min(PERCENTILE_SAMPLE, warmItems);
  if (personal.length === 0 || size === 0) return () => 0.5;
  const sample = Array.from({ length: size }, (_, i) => score(Math.floor(((i + 0.5) * warmItems) / size)));
  return (row) => {
    const own = score(row);
    return (sample.filter((other) => other < own).length + 0.5) / (size + 1);
  };
}
