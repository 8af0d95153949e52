import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestFiles } from '../testing';
import { ingestCinema } from './ingest-cinema';

const csv = (...lines: string[]) => `${lines.join('\n')}\n`;
const FILES = {
  'movies.csv.gz': csv(
    'movieId,title,genres',
    '10,"Godfather, The (1972)",Crime|Drama',
    '2,Jumanji (1995),Adventure|Children',
    '3,Moonlight,(no genres listed)',
    '4,Jumanji Again (1996),Adventure',
  ),
  'links.csv.gz': csv('movieId,imdbId,tmdbId', '10,68646,238', '2,113497,8844', '3,4975722,-1', '4,10,8844', '99,1,1'),
  'ratings.csv.gz': csv(
    'userId,movieId,rating,timestamp',
    '1,10,4.5,100',
    '1,99,5.0,101',
    '2,2,0.5,102',
    '2,2,3.0,103',
    '3,10,9.0,104',
  ),
  'tags.csv.gz': csv(
    'userId,movieId,tag,timestamp',
    '1,10,Mafia,1',
    '2,10,mafia,1',
    '2,10,to see,1',
    '1,99,mafia,1',
    '1,2,alone,1',
  ),
  'tmdb-keywords.csv.gz': csv(
    'id,keywords',
    `238,"[{'id': 1, 'name': 'Crime Family '}, {'id': 2, 'name': 'duringcreditsstinger'}]"`,
    `238,"[{'id': 1, 'name': 'second row'}]"`,
    `777,"[]"`,
  ),
  'tmdb-collections.csv.gz': csv('tmdbId,collection', '238,The Godfather Collection'),
  'tmdb-companies.csv.gz': csv('tmdbId,company', '238,Paramount Pictures', '8844,TriStar Pictures'),
  'tmdb-countries.csv.gz': csv('tmdbId,country', '238,US', '238,SU'),
  'tmdb-languages.csv.gz': csv('tmdbId,language', '238,en', '238,it', '238,xx', '8844,en'),
  'wikipedia-films.jsonl.gz': csv(
    JSON.stringify({
      title: 'The Godfather',
      year: 1972,
      cast: ['Marlon Brando', 'Al Pacino', 'and', '(voices)'],
      genres: [],
      href: '',
      extract: 'The Godfather is a 1972 film directed by Francis Ford Coppola. It stars Marlon Brando.',
    }),
    JSON.stringify({
      title: 'Jumanji',
      year: 1995,
      cast: [],
      genres: [],
      href: null,
      extract: 'Jumanji is a 1981 book, directed by nobody.',
    }),
    JSON.stringify({ title: 'Nosferatu', year: 1922, cast: [], genres: [], href: null, extract: null }),
  ),
};

test('a film combines the facts of all files', async () => {
  const { items, config } = await ingestFiles(ingestCinema, FILES);
  expect([...items.keys()]).toEqual(['2', '3', '4', '10']);
  expect(items.get('10')).toEqual({
    id: '10',
    title: 'The Godfather',
    year: 1972,
    creators: ['Francis Ford Coppola'],
    tags: {
      genres: ['Crime', 'Drama'],
      keywords: ['crime family'],
      cast: ['Marlon Brando', 'Al Pacino'],
      companies: ['Paramount Pictures'],
      countries: ['United States', 'Soviet Union'],
      languages: ['English', 'Italian'],
      collection: ['The Godfather Collection'],
      userTags: ['mafia'],
    },
    tagUsers: { userTags: { mafia: ['1', '2'] } },
    text: { plot: 'The Godfather is a 1972 film directed by Francis Ford Coppola. It stars Marlon Brando.' },
    external: { imdb: 'tt0068646', tmdb: '238' },
  });
  expect(items.get('3')).toEqual({ id: '3', title: 'Moonlight', tags: {}, external: { imdb: 'tt4975722' } });
  expect(config).toMatchObject({ id: 'cinema', positiveAbove: 3.5, minUserInteractions: 5, verb: 'watch' });
});

test('a TMDB id belongs to one film only, but both films get its facts', async () => {
  const { items } = await ingestFiles(ingestCinema, FILES);
  expect(items.get('2')).toMatchObject({
    external: { imdb: 'tt0113497', tmdb: '8844' },
    tags: { companies: ['TriStar Pictures'] },
  });
  expect(items.get('4')?.external).toEqual({ imdb: 'tt0000010' });
  expect(items.get('4')?.tags).toMatchObject({ companies: ['TriStar Pictures'] });
});

test('an extract about something else is not used', async () => {
  const { items, report } = await ingestFiles(ingestCinema, FILES);
  expect(items.get('2')).not.toHaveProperty('text');
  expect(items.get('2')).not.toHaveProperty('creators');
  expect(report.files['wikipedia-films.jsonl'].dropped).toMatchObject({
    'extract about something else': { count: 1 },
    'no film of that title and year in movies.csv': { count: 1, examples: ['Nosferatu (1922)'] },
  });
});

test('drops and counts ratings of unknown films, repeated ratings and impossible ones', async () => {
  const { interactions, report } = await ingestFiles(ingestCinema, FILES);
  expect(interactions).toEqual(['user,item,value,timestamp', '1,10,4.5,100', '2,2,0.5,102']);
  expect(report.files['ratings.csv'].rows).toBe(5);
  const counts = Object.values(report.files['ratings.csv'].dropped).map(({ count }) => count);
  expect(counts).toEqual([1, 1, 1]);
  expect(report.figures).toMatchObject({ items: 4, interactions: 2, 'unknown films that were rated': 1 });
});

/** The layout of GroupLens' archives: the four files, uncompressed, and others that are not needed. */
const RELEASE = {
  'README.txt': 'Summary\n=======\n',
  'genome-tags.csv': csv('tagId,tag', '1,007'),
  ...Object.fromEntries(
    (['movies', 'links', 'ratings', 'tags'] as const).map((name) => [`${name}.csv`, FILES[`${name}.csv.gz`]]),
  ),
};

test('an unpacked MovieLens release is enough, and the report lists the absent files', async () => {
  const { items, interactions, report } = await ingestFiles(ingestCinema, RELEASE);
  expect(items.get('10')).toEqual({
    id: '10',
    title: 'The Godfather',
    year: 1972,
    tags: { genres: ['Crime', 'Drama'], userTags: ['mafia'] },
    tagUsers: { userTags: { mafia: ['1', '2'] } },
    external: { imdb: 'tt0068646', tmdb: '238' },
  });
  expect(items.size).toBe(4);
  expect(interactions).toEqual(['user,item,value,timestamp', '1,10,4.5,100', '2,2,0.5,102']);
  const absent = Object.keys(report.files).filter((name) => report.files[name].absent);
  expect(absent).toEqual([
    'tmdb-keywords.csv',
    'tmdb-collections.csv',
    'tmdb-companies.csv',
    'tmdb-countries.csv',
    'tmdb-languages.csv',
    'wikipedia-films.jsonl',
    'ratings-more.csv',
    'tags-more.csv',
    'film-popularity.csv',
    'directors.csv',
    'wikidata-series.csv',
    'films-recommended.csv',
  ]);
});

test('a release without one of its four files is refused', async () => {
  const { 'links.csv': _, ...others } = RELEASE as Record<string, string>;
  await expect(ingestFiles(ingestCinema, others)).rejects.toThrow(/^links\.csv should be in .* but is not there\.$/);
});

test('keeps the first of repeated ratings, in the order of the file', async () => {
  const rows = Array.from({ length: 300 }, (_, at) => `${1 + (at % 7)},${[10, 2, 3, 4][at % 4]},${1 + (at % 4)},${at}`);
  const { interactions, report } = await ingestFiles(ingestCinema, {
    ...RELEASE,
    'ratings.csv': csv('userId,movieId,rating,timestamp', ...rows),
  });
  const pairs = rows.map((row) => row.split(',').slice(0, 2).join());
  expect(interactions.slice(1)).toEqual(rows.filter((_, at) => pairs.indexOf(pairs[at]) === at));
  expect(report.files['ratings.csv'].dropped['second rating of the same film'].count).toBe(300 - 28);
});

test('further files add ratings, tags, popularity, directors, series and judged pairs', async () => {
  const { items, interactions, report, out } = await ingestFiles(ingestCinema, {
    ...FILES,
    'ratings-more.csv.gz': csv('userId,movieId,rating,timestamp', '1000001,4,4.0,200', '1,10,4.5,100', '7,99,1,1'),
    // Two people of the other file: with one of this file the tag has enough.
    'tags-more.csv.gz': csv('userId,movieId,tag,timestamp', 's1,2,alone,1', 's2,4,lonely,1'),
    'film-popularity.csv.gz': csv('movieId,meanRating,nRatings', '10,4.3,52498', '99,3,1'),
    'directors.csv.gz': csv('movieId,directed_by', '10,Somebody Else', '2,"Joe Johnston, Joe Johnston"'),
    'wikidata-series.csv.gz': csv(
      'movieId,wikidata,series,franchise',
      '10,Q1,The Godfather,',
      '2,Q2,list of TriStar films,Jumanji',
    ),
    'films-recommended.csv': csv('seed,recommended', '10,2', '10,99'),
  });
  expect(interactions).toEqual(['user,item,value,timestamp', '1,10,4.5,100', '2,2,0.5,102', '1000001,4,4,200']);
  expect(items.get('10')).toMatchObject({ popularity: 52498, rating: 4.3, creators: ['Francis Ford Coppola'] });
  expect(items.get('10')?.tags?.collection).toEqual(['The Godfather Collection']);
  expect(items.get('2')).toMatchObject({
    creators: ['Joe Johnston'],
    tags: { collection: ['Jumanji'], userTags: ['alone'] },
  });
  // A person of the other file rated nothing.
  expect(items.get('2')).not.toHaveProperty('tagUsers');
  expect(items.get('2')).not.toHaveProperty('popularity');
  expect(items.get('4')?.tags).not.toHaveProperty('userTags');
  expect(await readFile(join(out, 'related.csv'), 'utf8')).toBe('seed,recommended\n10,2\n');
  expect(report.files['films-recommended.csv'].dropped).toMatchObject({ 'film is not in movies.csv': { count: 1 } });
});
