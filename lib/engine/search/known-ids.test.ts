import { expect, it } from 'vitest';
import { KnownIds } from './known-ids';

const films = new KnownIds({
  imdb: 'https://www.imdb.com/title/{imdb}/',
  tmdb: 'https://www.themoviedb.org/movie/{tmdb}',
  here: 'https://example.org/films/{id}',
});

it.each<[string, string[]]>([
  ['tt0111161', ['tt0111161']],
  [' tt0111161 ', ['tt0111161']],
  ['https://www.imdb.com/title/tt0111161/', ['imdb:tt0111161']],
  ['http://imdb.com/title/tt0111161', ['imdb:tt0111161']],
  ['m.imdb.com/title/tt0111161/?ref_=nv_sr_1', ['imdb:tt0111161']],
  ['HTTPS://WWW.IMDB.COM/title/tt0111161/reviews#top', ['imdb:tt0111161']],
  ['https://www.themoviedb.org/movie/278-the-shawshank-redemption', ['tmdb:278-the-shawshank-redemption', 'tmdb:278']],
  ['https://example.org/films/a%2Fb', ['a/b', 'a']],
  ['https://example.org/films/100%', ['100%', '100']],
  ['https://www.imdb.com/title/', []],
  ['https://elsewhere.org/tt0111161', []],
  ['278', []],
  ['1917', []],
  ['heat', []],
  ['tt0111161 and more', []],
  ['', []],
])('finds in %j the ids %j', (text, ids) => {
  expect([...films.idsIn(text)]).toEqual(ids);
});

it('finds nothing by templates without a name', () => {
  expect([...new KnownIds({ home: 'https://example.org/' }).idsIn('https://example.org/x')]).toEqual([]);
});
