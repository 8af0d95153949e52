import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { singular } from '../spellings';
import { cleanText, distinct, foldKey } from '../text';
import type { Film } from './film';
import { MOVIES, numericId } from './movies';

/** How often and how well each film was rated among all users of MovieLens. */
export const POPULARITY = 'film-popularity.csv';
/** Directors of films whose plot does not name them. */
export const DIRECTORS = 'directors.csv';
/** Series and franchises, from Wikidata. */
export const SERIES = 'wikidata-series.csv';
/** Pairs of films that people related to each other in conversations. */
export const RELATED = 'films-recommended.csv';

const popularityRow = z.object({
  movieId: numericId,
  meanRating: z.coerce.number().min(0.5).max(5),
  nRatings: z.coerce.number().int().nonnegative(),
});
const directorsRow = z.object({ movieId: numericId, directed_by: z.string() });
const seriesRow = z.object({ movieId: numericId, series: z.string(), franchise: z.string() });
const relatedRow = z.object({ seed: numericId, recommended: numericId });

/** Adds popularity and mean rating to the films. */
export async function readPopularity(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  for await (const row of folder.csv(POPULARITY, popularityRow)) {
    const film = known(films, row.movieId, POPULARITY, report);
    if (!film) continue;
    film.popularity = row.nRatings;
    film.meanRating = row.meanRating;
  }
}

/** Adds directors to films that have none yet. */
export async function readDirectors(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  for await (const row of folder.csv(DIRECTORS, directorsRow)) {
    const film = known(films, row.movieId, DIRECTORS, report);
    if (film?.directors.length === 0)
      film.directors = distinct(
        row.directed_by
          .split(',')
          .map(cleanText)
          .filter((name) => name !== ''),
      );
  }
}

/** Adds series and franchises to the collections of the films, except those that a film has under another spelling. */
export async function readSeries(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  for await (const row of folder.csv(SERIES, seriesRow)) {
    const film = known(films, row.movieId, SERIES, report);
    if (!film) continue;
    for (const name of [row.series, row.franchise].flatMap((cell) => cell.split('|')).map(cleanText)) {
      if (
        name === '' ||
        /^list of /i.test(name) ||
        film.collection.some((other) => collectionKey(other) === collectionKey(name))
      )
        continue;
      film.collection.push(name);
    }
  }
}

/** The pairs of known films. */
export async function readRelated(
  folder: RawFolder,
  films: ReadonlyMap<string, Film>,
  report: IngestReport,
): Promise<{ seed: string; recommended: string }[]> {
  const pairs: { seed: string; recommended: string }[] = [];
  for await (const row of folder.csv(RELATED, relatedRow)) {
    if (films.has(row.seed) && films.has(row.recommended)) pairs.push(row);
    else report.dropped(RELATED, `film is not in ${MOVIES}`, `${row.seed} ${row.recommended}`);
  }
  return pairs;
}

/** "Toy Story Collection", "Toy Story (franchise)" and "Toy Story" are one. */
const collectionKey = (name: string): string =>
  singular(foldKey(name.replace(/\b(?:the|collection|franchise|(?:film )?series|saga|trilogy)\b/gi, '')));

function known(films: ReadonlyMap<string, Film>, id: string, file: string, report: IngestReport): Film | undefined {
  const film = films.get(id);
  if (!film) report.dropped(file, `film is not in ${MOVIES}`, id);
  return film;
}
