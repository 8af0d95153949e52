import { join } from 'node:path';
import { DomainFolderWriter } from '../../domain-folder/write';
import type { IngestReport } from '../ingest-report';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import { CINEMA } from './cinema-config';
import { type Film, toItem } from './film';
import {
  DIRECTORS,
  POPULARITY,
  RELATED,
  readDirectors,
  readPopularity,
  readRelated,
  readSeries,
  SERIES,
} from './more-facts';
import { LINKS, MOVIES, readLinks, readMovies } from './movies';
import { MORE_RATINGS, RATINGS, readRatings } from './ratings';
import { readTmdb, TMDB_FILES } from './tmdb';
import { MORE_TAGS, readUserTags, TAGS } from './user-tags';
import { readWikipedia, WIKIPEDIA } from './wikipedia';

/**
 * Writes the cinema domain from the four files of a MovieLens release of any size, plain or gzipped. Files of TMDB,
 * Wikipedia and Wikidata, further ratings and tags, and judged pairs are used where they are beside them.
 */
export async function ingestCinema({ raw, out, report, progress }: IngestOptions): Promise<void> {
  const optional = [...TMDB_FILES, WIKIPEDIA, MORE_RATINGS, MORE_TAGS, POPULARITY, DIRECTORS, SERIES, RELATED];
  // Judged pairs have a folder of their own beside those of the domains.
  const folder = await RawFolder.open(raw, [MOVIES, LINKS, RATINGS, TAGS], report, optional, [
    join(raw, '..', 'related'),
  ]);

  progress.start('films');
  const films = await readMovies(folder, report);
  await readLinks(folder, films, report);
  progress.start('ratings');
  const list = [...films.values()];
  const ratings = await readRatings(folder, list, report);
  progress.start('facts');
  await readTmdb(folder, films, report);
  await readPopularity(folder, films, report);
  await readSeries(folder, films, report);
  const raters = new Set(Array.from(ratings.users.subarray(0, ratings.length), String));
  progress.start('user tags');
  const userTags = await readUserTags(folder, films, report);
  progress.start('directors and cast');
  await readWikipedia(folder, films, report);
  await readDirectors(folder, films, report);
  const related = await readRelated(folder, films, report);

  progress.start('writing', films.size + ratings.length);
  const writer = await DomainFolderWriter.open(out, CINEMA, { value: true, timestamp: true });
  try {
    let done = 0;
    for (const film of list.toSorted((a, b) => Number(a.id) - Number(b.id))) {
      const { kept, dropped } = userTags.of(film.id);
      for (const tag of dropped) report.dropped(TAGS, 'given to the film by one person only', tag);
      await writer.item(toItem(film, kept, (person) => raters.has(person)));
      progress.update(++done);
    }
    for (let row = 0; row < ratings.length; row++) {
      await writer.interaction(
        String(ratings.users[row]),
        list[ratings.films[row]].id,
        ratings.values[row],
        ratings.timestamps[row],
      );
      progress.update(++done);
    }
    for (const { seed, recommended } of related) writer.related(seed, recommended);
    addFigures(report, list, ratings.length);
    await writer.close(report);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

function addFigures(report: IngestReport, films: readonly Film[], interactions: number): void {
  const count = (has: (film: Film) => boolean) => films.filter(has).length;
  report.figure('items', films.length);
  report.figure('interactions', interactions);
  report.figure(
    'items with interactions',
    count((film) => film.ratings > 0),
  );
  report.figure(
    'items with a year',
    count((film) => film.year !== undefined),
  );
  report.figure(
    'items with genres',
    count((film) => film.genres.length > 0),
  );
  report.figure(
    'items with directors',
    count((film) => film.directors.length > 0),
  );
  report.figure(
    'items with cast',
    count((film) => film.cast.length > 0),
  );
  report.figure(
    'items with keywords',
    count((film) => film.keywords.length > 0),
  );
  report.figure(
    'rated items with directors',
    count((film) => film.ratings > 0 && film.directors.length > 0),
  );
}
