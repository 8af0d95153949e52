import { expect, test } from 'vitest';
import { type FilmToMatch, matchFilms, type WikipediaFilm } from './match-films';

const film = (title: string, year?: number, more: Partial<FilmToMatch> = {}): FilmToMatch => ({
  title,
  year,
  aka: [],
  popularity: 0,
  isForeign: false,
  ...more,
});
const entry = (title: string, year: number, extract = ''): WikipediaFilm => ({ title, year, extract });

test('the same year wins over an adjacent one, and an entry is used once', () => {
  const films = [film('Frozen', 2012), film('Frozen', 2013), film('Frozen', 2016)];
  expect([...matchFilms(films, [entry('Frozen', 2013), entry('Frozen', 2011)])]).toEqual([1, 0, -1]);
});

test('of two films with the same title and year the more popular one matches', () => {
  const films = [
    film('War of the Worlds', 2005, { popularity: 2 }),
    film('War of the Worlds', 2005, { popularity: 99 }),
  ];
  expect([...matchFilms(films, [entry('War of the Worlds', 2005)])]).toEqual([-1, 0]);
});

test('accents, ampersands, numerals and other names are tolerated', () => {
  const films = [
    film('Romeo & Juliet', 1968),
    film('Mission: Impossible II', 2000),
    film('Kill Bill: Vol. 1', 2003),
    film('Seven', 1995, { aka: ['Se7en'] }),
  ];
  const entries = [
    entry('Roméo and Juliet', 1968),
    entry('Mission: Impossible 2', 2000),
    entry('Kill Bill: Volume 1', 2003),
    entry('Se7en', 1995),
  ];
  expect([...matchFilms(films, entries)]).toEqual([0, 1, 2, 3]);
});

test('a part of a title matches only if the extract contains the rest', () => {
  const films = [
    film('Star Wars: Episode IV - A New Hope', 1977),
    film('Star Wars: Episode V - The Empire Strikes Back', 1980),
    film('Halloween: Resurrection', 2002),
    film('Animal House', 1978),
  ];
  const entries = [
    entry('Star Wars', 1977, 'Star Wars is a 1977 film.'),
    entry('The Empire Strikes Back', 1980, 'It is the sequel to Star Wars.'),
    entry('Resurrection', 2002, 'Resurrection is a 2002 drama.'),
    entry("National Lampoon's Animal House", 1978),
  ];
  expect([...matchFilms(films, entries)]).toEqual([0, 1, -1, 3]);
});

test('a foreign film does not match an American one with the same title', () => {
  const entries = [entry('The Big Night', 1960, 'The Big Night is a 1960 American drama film.')];
  expect([...matchFilms([film('The Big Night', 1959, { isForeign: true })], entries)]).toEqual([-1]);
  expect([...matchFilms([film('The Big Night', 1959)], entries)]).toEqual([0]);
});

test('a film without a year has no match', () => {
  expect([...matchFilms([film('Moonlight')], [entry('Moonlight', 2016)])]).toEqual([-1]);
});
