import type { ScoreSignal } from '../../contracts/engine';
import { TopK } from '../../math/top-k';
import type { Evidence } from '../recommenders/recommender';
import { aboutSignals } from './about';
import { poolSize, type Ranking } from './candidates';
import { evidenceShares, type WeightedProfile } from './explain';

/** The list is about each of a few things that a user likes; of more, about what they have in common. */
const MAX_ENTRIES = 5;
/** How many of the best rows for each place of the list may be in it … */
const POOL_FACTOR = 10;
/** … and how many of those that are most about each entry, which the scores of another entry may outdo. */
const OWN_FACTOR = 2;
/**
 * A row that is less about every entry than this share of what is most about it comes after all others: family films
 * would bring the hits that everybody likes.
 */
const MIN_PART = 0.06;
/** The same for an entry of which no related items are known: half of the catalog may have one of its few facts. */
const MIN_PART_OF_UNKNOWN = 0.1;
/** The entries share this part of the places equally; the others are in the order of the scores. */
const SHARED_PLACES = 0.5;
/** What the best score adds to the part of a row where an entry gets its place. */
const SCORE_SHARE = 0.5;

/** How many of the best rows have to be ranked for {@link serveEach}; 0 where it leaves the ranking as it is. */
export const servedPlaces = (evidence: readonly Evidence[], topK: number): number =>
  servedEntries(evidence).length > 0 ? poolSize(topK) : 0;

/** Indices of the likes and interests that are each served; none where there are more than a few. */
function servedEntries(evidence: readonly Evidence[]): number[] {
  const entries = evidence.flatMap(({ sign }, index) => (sign > 0 ? [index] : []));
  return entries.length > MAX_ENTRIES ? [] : entries;
}

type AboutSignal = WeightedProfile & { signal: ScoreSignal };

/** A ranking, and which of its first rows are about nothing that the user likes. */
export interface ServedRanking extends Ranking {
  fillers: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** A ranking that stays as it is. */
export const asRanked = (ranking: Ranking): ServedRanking => ({ ...ranking, fillers: NONE });

/**
 * Reorders the best rows so that a list is about each of a few likes and interests, by quotas as in proportional
 * representation (Dang & Croft 2012 give all places by such): a row belongs to the entry that it is most about. Rows
 * that are about none come last; the others are in the order of their scores, except where an entry would have fewer
 * than its share of {@link SHARED_PLACES} of the places so far.
 *
 * @param ranking {@link servedPlaces} rows
 * @param signals a ranking by none that says what an item is about stays as it is
 * @param topK places that matter; the rows of later ones stay in their order
 * @returns the same rows, with the same scores in falling order
 */
export function serveEach(
  ranking: Ranking,
  evidence: readonly Evidence[],
  signals: readonly AboutSignal[],
  topK: number,
): ServedRanking {
  const entries = servedEntries(evidence);
  const about = aboutSignals(signals);
  if (entries.length === 0 || about.length === 0 || ranking.rows.length < 2) return asRanked(ranking);
  const first = Math.min(ranking.rows.length, POOL_FACTOR * topK);
  const nearest = rowsAbout(evidence, about, OWN_FACTOR * topK);
  const { places, isKnown } = placesAbout(ranking, {
    entries,
    nearest,
    signals: about,
    count: OWN_FACTOR * topK,
    first,
    hasDislikes: entries.length < evidence.length,
  });
  const pool = [...Array(first).keys(), ...places];
  // A list by facts alone is in the order of what it is about.
  const isByFacts = about.length === signals.length;
  const least = isKnown.map((known) => (known || isByFacts ? MIN_PART : MIN_PART_OF_UNKNOWN));
  const partsOfRow = (row: number) => partsOf(row, evidence, entries, about);
  const rows = pool.map((place) => ranking.rows[place]);
  const parts = rows.map(partsOfRow);
  const inPool = new Set(rows);
  const partsElsewhere = [...nearest].filter((row) => !inPool.has(row)).map(partsOfRow);
  const most = mostOf([...parts, ...partsElsewhere]);
  const shares = parts.map((row) => row.map((part, e) => (part < least[e] * most[e] ? 0 : part / most[e])));
  const social = signals.find(({ signal }) => signal === 'social')?.profile;
  const isOfFriends = (row: number) => social !== undefined && social.score(row) > 0;
  const owned = ownedRows(ranking, pool, first, shares, isOfFriends);
  const order = orderOf(owned, topK);
  const taken = new Set(order);
  const rest = Array.from(ranking.rows.keys()).filter((place) => !taken.has(place));
  return {
    rows: Uint32Array.from([...order, ...rest], (place) => ranking.rows[place]),
    scores: ranking.scores,
    fillers: new Set(owned.others.map((place) => ranking.rows[place])),
  };
}

/** Places of the pool: those that are about an entry in the order of their scores, and by entry, best first. */
interface OwnedRows {
  byScore: number[];
  byEntry: number[][];
  /** Places that are about none. */
  others: number[];
}

/** @param shares by row of the pool, then by entry: 1 for what is most about the entry, 0 for what is not */
function ownedRows(
  { rows, scores }: Ranking,
  pool: readonly number[],
  first: number,
  shares: number[][],
  isOfFriends: (row: number) => boolean,
): OwnedRows {
  const range = scores[0] - scores[first - 1] || 1;
  const byEntry: { place: number; worth: number }[][] = shares[0].map(() => []);
  const byScore: number[] = [];
  const others: number[] = [];
  pool.forEach((place, i) => {
    const largest = Math.max(...shares[i]);
    if (largest === 0) {
      // What a friend likes is in the list for that, whatever it is about.
      (isOfFriends(rows[place]) ? byScore : others).push(place);
      return;
    }
    const score = Math.max(0, scores[place] - scores[first - 1]) / range;
    byScore.push(place);
    byEntry[shares[i].indexOf(largest)].push({ place, worth: largest * (1 + SCORE_SHARE * score) });
  });
  return {
    byScore,
    byEntry: byEntry.map((own) => own.sort((a, b) => b.worth - a.worth || a.place - b.place).map(({ place }) => place)),
    others,
  };
}

/** The places that take the first `count` of the list. */
function orderOf({ byScore, byEntry, others }: OwnedRows, count: number): number[] {
  const owner = new Map(byEntry.flatMap((own, entry) => own.map((place) => [place, entry] as const)));
  const served = byEntry.map(() => 0);
  const order = new Set<number>();
  const nextOf = byEntry.map((own) => own.values());
  const next = [...byScore, ...others].values();
  /** The first that is not in the list yet. */
  const take = (places: ArrayIterator<number>): number | undefined => {
    for (const place of places) if (!order.has(place)) return place;
    return undefined;
  };
  while (order.size < count) {
    const due = ((order.size + 1) * SHARED_PLACES) / byEntry.length;
    const lacking = [...served.keys()].filter((entry) => due - served[entry] >= 1);
    let place: number | undefined;
    for (const entry of lacking.sort((a, b) => served[a] - served[b])) place ??= take(nextOf[entry]);
    place ??= take(next);
    if (place === undefined) break;
    order.add(place);
    const entry = owner.get(place);
    if (entry !== undefined) served[entry]++;
  }
  return [...order];
}

/** The rows that are most about all that the user likes, without that itself. */
function rowsAbout(evidence: readonly Evidence[], about: readonly AboutSignal[], count: number): Set<number> {
  const own = new Set(evidence.flatMap(({ source }) => (source.kind === 'item' ? [source.row] : [])));
  const rows = about.flatMap(({ profile }) => [...profile.candidates(count + own.size)]);
  return new Set(rows.filter((row) => !own.has(row)));
}

/**
 * Places from `first` on of the nearest rows, and of those most about one entry by the related items known of it; and
 * of which entries some are known.
 */
function placesAbout(
  { rows }: Ranking,
  {
    entries,
    nearest,
    signals,
    count,
    first,
    hasDislikes,
  }: {
    entries: readonly number[];
    hasDislikes: boolean;
    nearest: ReadonlySet<number>;
    signals: readonly AboutSignal[];
    count: number;
    first: number;
  },
): { places: number[]; isKnown: boolean[] } {
  const related = signals.find(({ signal }) => signal === 'related');
  const best = entries.map(() => new TopK(count));
  const places: number[] = [];
  for (let place = 0; place < rows.length; place++) {
    if (nearest.has(rows[place])) places.push(place);
    // Most rows are related to nothing; after a dislike the parts of a row may add up to 0 too.
    if (!related || (!hasDislikes && related.profile.score(rows[place]) === 0)) continue;
    const parts = related.profile.contributions(rows[place]);
    entries.forEach((index, e) => {
      if (parts && parts[index] > 0) best[e].push(place, parts[index]);
    });
  }
  const ofEntries = best.map((own) => [...own.drain()]);
  const all = new Set([...places, ...ofEntries.flat()]);
  return {
    places: [...all].filter((place) => place >= first).sort((a, b) => a - b),
    isKnown: ofEntries.map(({ length }) => length > 0),
  };
}

/** By entry: the most that a row is about it. */
const mostOf = (parts: readonly number[][]): number[] =>
  parts.reduce((most, row) => most.map((part, e) => Math.max(part, row[e]))).map((part) => part || 1);

/** How much a row is about each entry, in units of the score. */
function partsOf(
  row: number,
  evidence: readonly Evidence[],
  entries: readonly number[],
  about: readonly WeightedProfile[],
): number[] {
  const shares = evidenceShares(row, evidence, about);
  // What is like something disliked is no good part for any entry.
  const disliked = shares.reduce((sum, share, index) => (evidence[index].sign < 0 ? sum + Math.min(0, share) : sum), 0);
  return entries.map((index) => Math.max(0, shares[index] + disliked));
}
