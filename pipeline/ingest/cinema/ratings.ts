import { z } from 'zod';
import { GrowingArray } from '../../domain-folder/growing-array';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import type { Film } from './film';
import { MOVIES, numericId } from './movies';

export const RATINGS = 'ratings.csv';
/** Further ratings, in the same space of user ids. */
export const MORE_RATINGS = 'ratings-more.csv';

/** Limits at which a user number and a film number fit together into one exact double. */
const MAX_USERS = 2 ** 31;
const MAX_FILMS = 2 ** 22;

const ratingRow = z.object({
  userId: z.coerce.number().int().positive().max(MAX_USERS),
  movieId: numericId,
  rating: z.coerce.number().min(0.5).max(5),
  timestamp: z.coerce.number().int().nonnegative(),
});

/** Ratings in columns, because the largest MovieLens release has 32 million. */
export interface Ratings {
  /** Number of ratings; the columns may be longer. */
  length: number;
  /** MovieLens user numbers. */
  users: Uint32Array;
  /** Indices into the list of films. */
  films: Uint32Array;
  values: Float32Array;
  /** Seconds since 1970. */
  timestamps: Float64Array;
}

/** Reads the ratings, and counts them per film in `list`. */
export async function readRatings(folder: RawFolder, list: readonly Film[], report: IngestReport): Promise<Ratings> {
  const indexOf = new Map(list.map((film, index) => [film.id, index]));
  const users = new GrowingArray(Uint32Array);
  const films = new GrowingArray(Uint32Array);
  const values = new GrowingArray(Float32Array);
  const timestamps = new GrowingArray(Float64Array);
  const unknown = new Set<string>();
  for (const file of [RATINGS, MORE_RATINGS]) {
    for await (const row of folder.csv(file, ratingRow)) {
      const index = indexOf.get(row.movieId);
      if (index === undefined) {
        report.dropped(file, `film is not in ${MOVIES}`, row.movieId);
        unknown.add(row.movieId);
        continue;
      }
      users.push(row.userId);
      films.push(index);
      values.push(row.rating);
      timestamps.push(row.timestamp);
    }
  }
  report.figure('unknown films that were rated', unknown.size);
  const ratings = {
    length: 0,
    users: users.toArray(),
    films: films.toArray(),
    values: values.toArray(),
    timestamps: timestamps.toArray(),
  };
  keepFirstOfEachPair(ratings, list, report);
  for (let row = 0; row < ratings.length; row++) list[ratings.films[row]].ratings++;
  return ratings;
}

/** Keeps the first rating of each film by each user, in order, at the start of the columns, and drops the others. */
function keepFirstOfEachPair(ratings: Ratings, list: readonly Film[], report: IngestReport): void {
  const { users, films, values, timestamps } = ratings;
  const pair = (row: number) => users[row] * MAX_FILMS + films[row];
  // A set of all pairs would not fit into memory. Sorting finds the few pairs that repeat, and only these need a set.
  const sorted = Float64Array.from(users, (_, row) => pair(row)).sort();
  const repeated = new Set(sorted.filter((key, at) => at > 0 && key === sorted[at - 1]));
  const seen = new Set<number>();
  for (let row = 0; row < users.length; row++) {
    const key = pair(row);
    if (seen.has(key)) {
      report.dropped(RATINGS, 'second rating of the same film', `${users[row]} ${list[films[row]].id}`);
      continue;
    }
    if (repeated.has(key)) seen.add(key);
    for (const column of [users, films, values, timestamps]) column[ratings.length] = column[row];
    ratings.length++;
  }
}
