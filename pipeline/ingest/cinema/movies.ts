import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { createFilm, type Film } from './film';
import { parseFilmTitle } from './film-title';

/** MovieLens' films: id, title with year, and genres. */
export const MOVIES = 'movies.csv';
/** The ids that films have in other databases. */
export const LINKS = 'links.csv';

const NO_GENRES = '(no genres listed)';

/** Ids of MovieLens and TMDB. */
export const numericId = z.string().regex(/^\d+$/, 'not a number');
const movieRow = z.object({ movieId: numericId, title: z.string().min(1), genres: z.string() });
const linkRow = z.object({ movieId: numericId, imdbId: z.string(), tmdbId: z.string() });

/** Reads the films by their MovieLens id, in the order of the file. */
export async function readMovies(folder: RawFolder, report: IngestReport): Promise<Map<string, Film>> {
  const films = new Map<string, Film>();
  for await (const row of folder.csv(MOVIES, movieRow)) {
    if (films.has(row.movieId)) {
      report.dropped(MOVIES, 'second row of a film', row.title);
      continue;
    }
    const parsed = parseFilmTitle(row.title);
    if (parsed.year === undefined) report.repaired(MOVIES, 'no year in the title: left out', row.title);
    const genres = row.genres.split('|').filter((genre) => genre !== '' && genre !== NO_GENRES);
    if (genres.length === 0) report.repaired(MOVIES, 'no genres listed: left out', row.title);
    films.set(row.movieId, createFilm(row.movieId, parsed, genres));
  }
  return films;
}

/** Adds the IMDb and TMDB ids of the films. */
export async function readLinks(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  const seen = new Set<string>();
  for await (const row of folder.csv(LINKS, linkRow)) {
    const film = films.get(row.movieId);
    if (film === undefined) {
      report.dropped(LINKS, `film is not in ${MOVIES}`, row.movieId);
      continue;
    }
    if (/^\d+$/.test(row.imdbId)) film.imdb = `tt${row.imdbId.padStart(7, '0')}`;
    else report.repaired(LINKS, 'no IMDb id', film.title);
    if (!/^[1-9]\d*$/.test(row.tmdbId)) {
      report.repaired(LINKS, 'no TMDB id', film.title);
      continue;
    }
    film.tmdb = row.tmdbId;
    film.ownsTmdbId = !seen.has(row.tmdbId);
    if (!film.ownsTmdbId) report.repaired(LINKS, 'TMDB id of an earlier film: facts shared, id not', film.title);
    seen.add(row.tmdbId);
  }
}
