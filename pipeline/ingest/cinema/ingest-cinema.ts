import { z } from 'zod';
import type { domainConfigSchema, ItemRow } from '../../../lib/contracts/domain-folder';
import { GrowingArray } from '../../domain-folder/growing-array';
import { DomainFolderWriter } from '../../domain-folder/write';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import type { BuildReport } from '../report';
import { cleanText, distinct, getOrSet } from '../text';
import { parseDirectors, resolveSiblings } from './directors';
import { type FilmTitle, parseFilmTitle } from './film-title';
import { namesInPythonList } from './python-list';
import { UserTags } from './user-tags';
import { matchFilms } from './wikipedia';

const MOVIES = 'movies.csv';
const LINKS = 'links.csv';
const RATINGS = 'ratings.csv';
const TAGS = 'tags.csv';
const KEYWORDS = 'tmdb-keywords.csv';
const WIKIPEDIA = 'wikipedia-films.jsonl';

/** Files of one TMDB fact a row: a field of the film, and the column that holds it. */
const TMDB_FACTS = [
  { field: 'collection', file: 'tmdb-collections.csv', column: 'collection' },
  { field: 'companies', file: 'tmdb-companies.csv', column: 'company' },
  { field: 'countries', file: 'tmdb-countries.csv', column: 'country', nameOf: countryName },
  { field: 'languages', file: 'tmdb-languages.csv', column: 'language', nameOf: languageName },
] as const;
/** User and film number together fit into one exact number. */
const MOST_USERS = 2 ** 31;
const MOST_FILMS = 2 ** 22;
const NO_GENRES = '(no genres listed)';
/** Billing beyond this is bit parts, whose names tell little and cost space. */
const MOST_CAST = 12;
/** Keywords about the reel, not the story. */
const IDLE_KEYWORDS = new Set(['duringcreditsstinger', 'aftercreditsstinger']);

/** Subjects and oaths that nobody wants to read out of the blue under a film's title. They count all the same. */
const NOT_NAMED = (
  'abuse anal bestiality breast breasts castration erotic erotica eroticism fetish fetishism fuck genital incest masturbation ' +
  'mindfuck molestation molester mutilation necrophilia nude nudity orgasm orgy paedophilia pedophile pedophilia penis porn ' +
  'porno pornographer pornographic pornography prostitute prostitution rape rapist sex sexploitation sexual sexuality sexy ' +
  'shit suicidal suicide torture unsimulated vagina vaginal whore whorehouse'
).split(' ');

const CINEMA = {
  id: 'cinema',
  label: 'Cinema',
  item: { one: 'film', many: 'films' },
  verb: 'watch',
  users: 'viewers',
  fields: [
    { name: 'genres', kind: 'tags', weight: 1, show: true },
    { name: 'creators', kind: 'tags', weight: 1 },
    { name: 'cast', kind: 'tags', weight: 1, search: true },
    { name: 'keywords', kind: 'tags', weight: 1 },
    { name: 'userTags', kind: 'tags', weight: 1 },
    { name: 'collection', kind: 'tags', weight: 1 },
    { name: 'companies', kind: 'tags', weight: 1 },
    { name: 'countries', kind: 'tags', weight: 1 },
    { name: 'languages', kind: 'tags', weight: 1 },
    { name: 'title', kind: 'text', weight: 1 },
    { name: 'plot', kind: 'text', weight: 0 },
    { name: 'year', kind: 'number', weight: 1 },
  ],
  notInterests: ['IMAX', 'Drama'],
  notNamed: NOT_NAMED,
  links: { imdb: 'https://www.imdb.com/title/{imdb}/', tmdb: 'https://www.themoviedb.org/movie/{tmdb}' },
  positiveAbove: 3.5,
  minUserInteractions: 5,
  minItemInteractions: 1,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.3, regularization: 0.003 },
    neighbours: { neighbours: 200, regularization: 50, dropout: 1 },
  },
} satisfies z.input<typeof domainConfigSchema>;

const id = z.string().regex(/^\d+$/, 'not a number');
const movieRow = z.object({ movieId: id, title: z.string().min(1), genres: z.string() });
const linkRow = z.object({ movieId: id, imdbId: z.string(), tmdbId: z.string() });
const ratingRow = z.object({
  userId: z.coerce.number().int().positive().max(MOST_USERS),
  movieId: id,
  rating: z.coerce.number().min(0.5).max(5),
  timestamp: z.coerce.number().int().nonnegative(),
});
const tagRow = z.object({ userId: id, movieId: id, tag: z.string() });
const keywordRow = z.object({ id, keywords: z.string() });
const tmdbRow = z.object({ tmdbId: id }).catchall(z.string());
const wikipediaRow = z.object({
  title: z.string(),
  year: z.number().int(),
  cast: z.array(z.string()),
  extract: z.string().nullable(),
});

interface Film extends FilmTitle {
  id: string;
  genres: string[];
  imdb?: string;
  tmdb?: string;
  /** Whether `tmdb` may name this film: false where an earlier film has the same. */
  namedByTmdb: boolean;
  keywords: string[];
  cast: string[];
  directors: string[];
  plot?: string;
  collection: string[];
  companies: string[];
  countries: string[];
  languages: string[];
  ratings: number;
}

/**
 * Writes the cinema domain from the four files of a MovieLens release of any size, as they are in its archive or gzipped;
 * with the files of TMDB and Wikipedia beside them, where they are there, the films get people, plots and subjects too.
 */
export async function ingestCinema({ raw, out, report, progress }: IngestOptions): Promise<void> {
  const folder = await RawFolder.open(raw, [MOVIES, LINKS, RATINGS, TAGS], report, [
    KEYWORDS,
    ...TMDB_FACTS.map(({ file }) => file),
    WIKIPEDIA,
  ]);

  progress.start('films');
  const films = await readFilms(folder, report);
  await readLinks(folder, films, report);
  progress.start('ratings');
  const list = [...films.values()];
  const ratings = await readRatings(folder, list, report);
  progress.start('facts');
  await readTmdb(folder, films, report);
  progress.start('user tags');
  const userTags = await readUserTags(folder, films, report);
  progress.start('directors and cast');
  await readWikipedia(folder, films, report);

  progress.start('writing', films.size + ratings.length);
  const writer = await DomainFolderWriter.open(out, CINEMA, { value: true, timestamp: true });
  try {
    let done = 0;
    for (const film of list.toSorted((a, b) => Number(a.id) - Number(b.id))) {
      const { kept, dropped } = userTags.of(film.id);
      for (const tag of dropped) report.dropped(TAGS, 'given to the film by one person only', tag);
      await writer.item(toItem(film, kept));
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
    addFigures(report, films, ratings.length);
    await writer.close(report);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

async function readFilms(folder: RawFolder, report: BuildReport): Promise<Map<string, Film>> {
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
    films.set(row.movieId, {
      id: row.movieId,
      ...parsed,
      genres,
      namedByTmdb: false,
      keywords: [],
      cast: [],
      directors: [],
      collection: [],
      companies: [],
      countries: [],
      languages: [],
      ratings: 0,
    });
  }
  return films;
}

async function readLinks(folder: RawFolder, films: Map<string, Film>, report: BuildReport): Promise<void> {
  const named = new Set<string>();
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
    film.namedByTmdb = !named.has(row.tmdbId);
    if (!film.namedByTmdb) report.repaired(LINKS, 'TMDB id of an earlier film: facts shared, id not', film.title);
    named.add(row.tmdbId);
  }
}

/** Ratings in columns: of the largest release there are 32 million. */
interface Ratings {
  /** How many there are; the columns may go on. */
  length: number;
  /** MovieLens numbers its users. */
  users: Uint32Array;
  /** By their place in the list of films. */
  films: Uint32Array;
  values: Float32Array;
  timestamps: Float64Array;
}

async function readRatings(folder: RawFolder, list: readonly Film[], report: BuildReport): Promise<Ratings> {
  const placeOf = new Map(list.map((film, place) => [film.id, place]));
  const users = new GrowingArray(Uint32Array);
  const films = new GrowingArray(Uint32Array);
  const values = new GrowingArray(Float32Array);
  const timestamps = new GrowingArray(Float64Array);
  const unknown = new Set<string>();
  for await (const row of folder.csv(RATINGS, ratingRow)) {
    const place = placeOf.get(row.movieId);
    if (place === undefined) {
      report.dropped(RATINGS, `film is not in ${MOVIES}`, row.movieId);
      unknown.add(row.movieId);
      continue;
    }
    users.push(row.userId);
    films.push(place);
    values.push(row.rating);
    timestamps.push(row.timestamp);
  }
  report.figure('unknown films that were rated', unknown.size);
  const ratings = {
    length: 0,
    users: users.toArray(),
    films: films.toArray(),
    values: values.toArray(),
    timestamps: timestamps.toArray(),
  };
  keepFirst(ratings, list, report);
  for (let row = 0; row < ratings.length; row++) list[ratings.films[row]].ratings++;
  return ratings;
}

/** Moves the first rating of each film by each user to the front, the order kept, and drops the others. */
function keepFirst(ratings: Ratings, list: readonly Film[], report: BuildReport): void {
  const { users, films, values, timestamps } = ratings;
  const pair = (row: number) => users[row] * MOST_FILMS + films[row];
  // Sorted, since a set of so many numbers would not fit; those that repeat are few.
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

async function readTmdb(folder: RawFolder, films: Map<string, Film>, report: BuildReport): Promise<void> {
  const byTmdb = new Map<string, Film[]>();
  for (const film of films.values()) {
    if (film.tmdb === undefined) continue;
    getOrSet(byTmdb, film.tmdb, () => []).push(film);
  }

  const known = new Set<string>();
  for await (const row of folder.csv(KEYWORDS, keywordRow)) {
    if (known.has(row.id)) {
      report.dropped(KEYWORDS, 'second row of a film', row.id);
      continue;
    }
    known.add(row.id);
    const keywords = namesInPythonList(row.keywords).map((name) => cleanText(name).toLowerCase());
    const matching = byTmdb.get(row.id);
    if (matching === undefined) {
      report.dropped(KEYWORDS, `film is not in ${MOVIES}`, row.id);
      continue;
    }
    for (const film of matching) {
      film.keywords = distinct(keywords.filter((keyword) => keyword !== '' && !IDLE_KEYWORDS.has(keyword)));
    }
  }

  for (const { field, file, column, ...fact } of TMDB_FACTS) {
    const nameOf = 'nameOf' in fact ? fact.nameOf : (text: string) => text;
    for await (const row of folder.csv(file, tmdbRow)) {
      const matching = byTmdb.get(row.tmdbId);
      const text = cleanText(row[column] ?? '');
      const value = nameOf(text);
      if (matching === undefined) report.dropped(file, `film is not in ${MOVIES}`, row.tmdbId);
      else if (value === undefined || value === '') report.dropped(file, 'code without a name', text);
      else for (const film of matching) if (!film[field].includes(value)) film[field].push(value);
    }
  }
}

/** Countries that are no more, and names too official for a film. */
const COUNTRIES: Record<string, string> = {
  HK: 'Hong Kong',
  MO: 'Macao',
  PS: 'Palestine',
  SU: 'Soviet Union',
  YU: 'Yugoslavia',
  CS: 'Serbia and Montenegro',
  XC: 'Czechoslovakia',
  XG: 'East Germany',
  XK: 'Kosovo',
};
/** TMDB's own language codes, and languages that a film is seldom said to be in by their full name. */
const LANGUAGES: Record<string, string> = { cn: 'Cantonese', zh: 'Mandarin', sh: 'Serbo-Croatian', mo: 'Moldavian' };
/** TMDB's code for a film without words. */
const NO_LANGUAGE = 'xx';
const COUNTRY_NAMES = new Intl.DisplayNames(['en-GB'], { type: 'region', fallback: 'none' });
const LANGUAGE_NAMES = new Intl.DisplayNames(['en-GB'], { type: 'language', fallback: 'none' });

function countryName(code: string): string | undefined {
  return COUNTRIES[code] ?? (/^[A-Z]{2}$/.test(code) ? COUNTRY_NAMES.of(code) : undefined);
}

function languageName(code: string): string | undefined {
  if (code === NO_LANGUAGE) return undefined;
  return LANGUAGES[code] ?? (/^[a-z]{2,3}$/.test(code) ? LANGUAGE_NAMES.of(code) : undefined);
}

async function readUserTags(folder: RawFolder, films: Map<string, Film>, report: BuildReport): Promise<UserTags> {
  const userTags = new UserTags();
  for await (const row of folder.csv(TAGS, tagRow)) {
    if (!films.has(row.movieId)) {
      report.dropped(TAGS, `film is not in ${MOVIES}`, row.movieId);
      continue;
    }
    const objection = userTags.add(row.movieId, row.userId, row.tag);
    if (objection !== undefined) report.dropped(TAGS, objection, row.tag);
  }
  return userTags;
}

async function readWikipedia(folder: RawFolder, films: Map<string, Film>, report: BuildReport): Promise<void> {
  const entries: z.infer<typeof wikipediaRow>[] = [];
  for await (const row of folder.jsonLines(WIKIPEDIA, wikipediaRow)) entries.push(row);
  const list = [...films.values()];
  const matches = matchFilms(
    list.map((film) => ({ ...film, popularity: film.ratings, foreign: isForeign(film) })),
    entries,
  );
  const used = new Set<number>();
  const directors: string[][] = list.map(() => []);
  list.forEach((film, index) => {
    const entry = entries[matches[index]];
    if (entry === undefined) return;
    used.add(matches[index]);
    film.cast = distinct(entry.cast.map(castName).filter((name) => name !== undefined)).slice(0, MOST_CAST);
    const extract = cleanText(entry.extract ?? '');
    if (extract === '') return;
    if (!isAboutFilm(extract, entry.year)) {
      report.dropped(WIKIPEDIA, 'extract about something else', `${entry.title} (${entry.year})`);
      return;
    }
    film.plot = extract;
    directors[index] = parseDirectors(extract);
  });
  resolveSiblings(directors).forEach((names, index) => {
    list[index].directors = distinct(names);
  });
  entries.forEach((entry, index) => {
    if (!used.has(index))
      report.dropped(WIKIPEDIA, `no film of that title and year in ${MOVIES}`, `${entry.title} (${entry.year})`);
  });
}

/** Whether a film is known to be neither from the United States nor in English. */
function isForeign({ countries, languages }: Film): boolean {
  const lacks = (values: string[], value: string) => values.length > 0 && !values.includes(value);
  return lacks(countries, 'United States') && lacks(languages, 'English');
}

/** A name of the cast; undefined for the remarks that the source's lists also hold, such as "(voices)" and "and". */
function castName(raw: string): string | undefined {
  const name = cleanText(raw).replace(/ \([^()]*\)$/, '');
  const person = /^[\p{Lu}\p{Lo}\d"']/u.test(name) && name.length > 2 && !/^(?:Jr|Sr|III?|Cast)\b|[()[\]:;]/.test(name);
  return person ? name : undefined;
}

/** Whether an extract's first sentence dates its subject to the film's years: some are about a book or a play. */
function isAboutFilm(extract: string, year: number): boolean {
  const dated = /\b(?:is|was) (?:an? |the )?(?:\S+ ){0,2}?(1[89]\d\d|20\d\d)\b/.exec(extract.slice(0, 300));
  return dated === null || Math.abs(Number(dated[1]) - year) <= 2;
}

function toItem(film: Film, userTags: string[]): ItemRow {
  const tags = Object.fromEntries(
    Object.entries({
      genres: film.genres,
      keywords: film.keywords,
      cast: film.cast,
      companies: film.companies,
      countries: film.countries,
      languages: film.languages,
      collection: film.collection,
      userTags,
    }).filter(([, values]) => values.length > 0),
  );
  const external = {
    ...(film.imdb === undefined ? {} : { imdb: film.imdb }),
    ...(film.tmdb === undefined || !film.namedByTmdb ? {} : { tmdb: film.tmdb }),
  };
  return {
    id: film.id,
    title: film.title,
    ...(film.aka.length === 0 ? {} : { aka: film.aka }),
    ...(film.year === undefined ? {} : { year: film.year }),
    ...(film.directors.length === 0 ? {} : { creators: film.directors }),
    tags,
    ...(film.plot === undefined ? {} : { text: { plot: film.plot } }),
    external,
  };
}

function addFigures(report: BuildReport, films: Map<string, Film>, interactions: number): void {
  const list = [...films.values()];
  const count = (has: (film: Film) => boolean) => list.filter(has).length;
  report.figure('items', list.length);
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
