import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSearchData } from './build';
import { SearchIndex, type SearchMatch } from './search-index';

interface Item {
  title: string;
  aka?: string[];
  creators?: string[];
  /** Searchable, but not shown. */
  cast?: string[];
  year?: number;
  popularity: number;
}

function indexOf(items: Item[]): { index: SearchIndex; items: Item[] } {
  const sorted = [...items].sort((a, b) => b.popularity - a.popularity);
  const data = buildSearchData(
    sorted.map(({ title, aka = [], creators = [], cast = [], year = null }) => ({
      titles: [title, ...aka],
      creators: [...creators, ...cast],
      year,
    })),
  );
  const index = new SearchIndex(data, {
    size: sorted.length,
    title: (row) => sorted[row].title,
    aka: (row) => sorted[row].aka ?? [],
    creators: (row) => sorted[row].creators ?? [],
    year: (row) => sorted[row].year ?? null,
    popularity: (row) => sorted[row].popularity,
  });
  return { index, items: sorted };
}

const FILMS: Item[] = [
  { title: 'The Shawshank Redemption', creators: ['Frank Darabont'], year: 1994, popularity: 1207 },
  {
    title: 'Pulp Fiction',
    creators: ['Quentin Tarantino'],
    cast: ['John Travolta', 'Samuel L. Jackson'],
    year: 1994,
    popularity: 1044,
  },
  { title: 'Forrest Gump', creators: ['Robert Zemeckis'], cast: ['Tom Hanks'], year: 1994, popularity: 1035 },
  { title: 'The Silence of the Lambs', creators: ['Jonathan Demme'], year: 1991, popularity: 997 },
  { title: 'The Matrix', creators: ['Lana Wachowski', 'Lilly Wachowski'], year: 1999, popularity: 950 },
  { title: 'Star Wars: Episode IV - A New Hope', creators: ['George Lucas'], year: 1977, popularity: 908 },
  { title: 'Star Wars: Episode V - The Empire Strikes Back', year: 1980, popularity: 748 },
  { title: 'The Godfather', creators: ['Francis Ford Coppola'], year: 1972, popularity: 743 },
  {
    title: 'The Lord of the Rings: The Fellowship of the Ring',
    creators: ['Peter Jackson'],
    year: 2001,
    popularity: 700,
  },
  { title: 'The Lord of the Rings: The Two Towers', creators: ['Peter Jackson'], year: 2002, popularity: 628 },
  { title: 'Toy Story', creators: ['John Lasseter'], cast: ['Tom Hanks'], year: 1995, popularity: 627 },
  { title: 'Seven', aka: ['Se7en'], creators: ['David Fincher'], year: 1995, popularity: 585 },
  { title: 'The Dark Knight', creators: ['Christopher Nolan'], year: 2008, popularity: 549 },
  { title: 'Memento', creators: ['Christopher Nolan'], year: 2000, popularity: 485 },
  { title: 'Inception', creators: ['Christopher Nolan'], year: 2010, popularity: 478 },
  { title: 'The Godfather: Part II', creators: ['Francis Ford Coppola'], year: 1974, popularity: 469 },
  { title: 'Alien', creators: ['Ridley Scott'], year: 1979, popularity: 428 },
  { title: 'Reservoir Dogs', creators: ['Quentin Tarantino'], year: 1992, popularity: 415 },
  { title: 'Amelie', aka: ["Le fabuleux destin d'Amélie Poulain"], year: 2001, popularity: 413 },
  { title: 'Léon: The Professional', aka: ['The Professional', 'Léon'], year: 1994, popularity: 380 },
  { title: 'Aliens', creators: ['James Cameron'], year: 1986, popularity: 355 },
  { title: 'E.T. the Extra-Terrestrial', creators: ['Steven Spielberg'], year: 1982, popularity: 323 },
  { title: 'WALL·E', creators: ['Andrew Stanton'], year: 2008, popularity: 299 },
  { title: 'Interstellar', creators: ['Christopher Nolan'], year: 2014, popularity: 268 },
  { title: 'Jaws', creators: ['Steven Spielberg'], year: 1975, popularity: 246 },
  { title: 'Spider-Man', creators: ['Sam Raimi'], year: 2002, popularity: 246 },
  { title: 'The Wolf of Wall Street', creators: ['Martin Scorsese'], year: 2013, popularity: 158 },
  { title: 'The Matrix Reloaded', year: 2003, popularity: 146 },
  { title: 'The Godfather: Part III', creators: ['Francis Ford Coppola'], year: 1990, popularity: 65 },
  { title: 'Dune', creators: ['David Lynch'], year: 1984, popularity: 60 },
  { title: '8 1/2', aka: ['8½'], creators: ['Federico Fellini'], year: 1963, popularity: 42 },
  { title: 'Dune', creators: ['Denis Villeneuve'], year: 2021, popularity: 24 },
  { title: 'Tokyo Godfathers', creators: ['Satoshi Kon'], year: 2003, popularity: 13 },
  { title: 'The Petrified Forest', year: 1936, popularity: 1 },
  { title: 'Pulp', year: 1972, popularity: 0 },
  { title: 'GodFather', year: 1991, popularity: 0 },
  { title: 'God, Man and Devil', year: 1950, popularity: 0 },
  { title: 'Matrix of Evil', year: 2003, popularity: 0 },
  { title: '七人の侍', aka: ['Seven Samurai'], creators: ['黒澤明'], year: 1954, popularity: 98 },
  { title: 'Сталкер', aka: ['Stalker'], creators: ['Андрей Тарковский'], year: 1979, popularity: 29 },
  { title: '???', popularity: 0 },
];

const SONGS: Item[] = [
  { title: 'Enter Sandman', creators: ['Metallica'], popularity: 694 },
  { title: 'You Shook Me All Night Long', creators: ['AC/DC'], popularity: 631 },
  { title: 'Back In Black', creators: ['AC/DC'], popularity: 589 },
  { title: 'Nothing Else Matters', creators: ['Metallica'], popularity: 537 },
  { title: 'Single Ladies (Put A Ring On It)', creators: ['Beyoncé'], popularity: 272 },
  { title: 'Halo', creators: ['Beyoncé'], popularity: 198 },
  { title: 'Lady Madonna', creators: ['The Beatles'], popularity: 33 },
  { title: 'Halo', creators: ['Soil'], popularity: 4 },
  { title: 'Enter Sandman', creators: ['Motörhead'], popularity: 1 },
];

const COURSES: Item[] = [
  { title: 'The Web Developer Bootcamp', popularity: 687 },
  { title: '2022 Complete Python Bootcamp From Zero to Hero in Python', popularity: 512 },
  { title: 'Machine Learning A-Z™: Hands-On Python & R In Data Science', popularity: 492 },
  { title: 'Python for Data Science and Machine Learning Bootcamp', popularity: 347 },
  { title: 'Photoshop for web design beginners', popularity: 71 },
  { title: 'Learn Photography', popularity: 20 },
  { title: 'Machine Learning', creators: ['Stanford University'], popularity: 0 },
];

const films = indexOf(FILMS);
const songs = indexOf(SONGS);
const courses = indexOf(COURSES);

function find({ index, items }: { index: SearchIndex; items: Item[] }, query: string, limit = 10): string[] {
  return index.search(query, limit).map(({ row }) => {
    const { title, year, creators } = items[row];
    return year ? `${title} (${year})` : creators ? `${title} – ${creators[0]}` : title;
  });
}

describe('correctly spelled words', () => {
  it.each([
    ['godfather', 'The Godfather (1972)'],
    ['the godfather', 'The Godfather (1972)'],
    ['godfathe', 'The Godfather (1972)'],
    ['star wars', 'Star Wars: Episode IV - A New Hope (1977)'],
    ['matrix', 'The Matrix (1999)'],
    ['matrix of evil', 'Matrix of Evil (2003)'],
    ['alien', 'Alien (1979)'],
    ['aliens', 'Aliens (1986)'],
    ['inception 2010', 'Inception (2010)'],
    ['dune', 'Dune (1984)'],
    ['dune 2021', 'Dune (2021)'],
    ['dune villeneuve', 'Dune (2021)'],
    ['lord of the rings', 'The Lord of the Rings: The Fellowship of the Ring (2001)'],
    ['two towers', 'The Lord of the Rings: The Two Towers (2002)'],
    ['amelie', 'Amelie (2001)'],
    ['Amélie Poulain', 'Amelie (2001)'],
    ['se7en', 'Seven (1995)'],
    ['wall-e', 'WALL·E (2008)'],
    ['wall e', 'WALL·E (2008)'],
    ['leon', 'Léon: The Professional (1994)'],
    ['8 1/2', '8 1/2 (1963)'],
    ['8½', '8 1/2 (1963)'],
    ['et', 'E.T. the Extra-Terrestrial (1982)'],
    ['e.t.', 'E.T. the Extra-Terrestrial (1982)'],
    ['七人', '七人の侍 (1954)'],
    ['сталкер', 'Сталкер (1979)'],
  ])('%s', (query, title) => {
    expect(find(films, query)[0]).toBe(title);
  });

  it('finds the films of a person, the popular ones first', () => {
    const nolan = ['The Dark Knight (2008)', 'Memento (2000)', 'Inception (2010)', 'Interstellar (2014)'];
    expect(find(films, 'nolan')).toEqual(nolan);
    expect(find(films, 'christopher nolan')).toEqual(nolan);
    expect(find(films, 'tom hanks')).toEqual(['Forrest Gump (1994)', 'Toy Story (1995)']);
  });

  it('ranks an exact title before more popular ones, and items of the same title by popularity', () => {
    expect(find(films, 'godfather')).toEqual([
      'The Godfather (1972)',
      'The Godfather: Part II (1974)',
      'The Godfather: Part III (1990)',
      'GodFather (1991)',
      'Tokyo Godfathers (2003)',
    ]);
  });

  it('does not hide a famous item behind one that nobody chose and that is called like its beginning', () => {
    expect(find(films, 'pulp')).toEqual(['Pulp Fiction (1994)', 'Pulp (1972)']);
    expect(find(courses, 'machine learning').slice(0, 2)).toEqual([
      'Machine Learning A-Z™: Hands-On Python & R In Data Science',
      'Machine Learning – Stanford University',
    ]);
  });

  it('reports how each item matched', () => {
    const matches = (query: string): SearchMatch['match'][] => films.index.search(query, 2).map(({ match }) => match);
    expect(matches('toy story')).toEqual(['exact']);
    expect(matches('toy sto')).toEqual(['prefix']);
    expect(matches('alien')).toEqual(['exact', 'prefix']);
    expect(matches('inceptoin')).toEqual(['fuzzy']);
    expect(matches('spiderman')).toEqual(['fuzzy']);
  });

  it('finds songs by title and artist, in either order', () => {
    expect(find(songs, 'halo')).toEqual(['Halo – Beyoncé', 'Halo – Soil']);
    expect(find(songs, 'halo soil')).toEqual(['Halo – Soil']);
    expect(find(songs, 'beyonce halo')[0]).toBe('Halo – Beyoncé');
    expect(find(songs, 'beyonce')).toEqual(['Single Ladies (Put A Ring On It) – Beyoncé', 'Halo – Beyoncé']);
    expect(find(songs, 'beatles')[0]).toBe('Lady Madonna – The Beatles');
    for (const query of ['ac/dc', 'ac dc', 'acdc']) {
      expect(find(songs, query).slice(0, 2)).toEqual(['You Shook Me All Night Long – AC/DC', 'Back In Black – AC/DC']);
    }
  });

  it('finds courses', () => {
    expect(find(courses, 'python bootcamp')[0]).toBe('2022 Complete Python Bootcamp From Zero to Hero in Python');
  });
});

describe('misspelled words', () => {
  it.each([
    ['Godfater', 'The Godfather (1972)'],
    ['odfather', 'The Godfather (1972)'],
    ['hodfather', 'The Godfather (1972)'],
    ['star wrs', 'Star Wars: Episode IV - A New Hope (1977)'],
    ['inceptoin', 'Inception (2010)'],
    ['shawshank redmption', 'The Shawshank Redemption (1994)'],
    ['shawshenk red', 'The Shawshank Redemption (1994)'],
    ['the matrx', 'The Matrix (1999)'],
    ['matrx', 'The Matrix (1999)'],
    ['pulp ficton', 'Pulp Fiction (1994)'],
    ['quentin tarantno', 'Pulp Fiction (1994)'],
    ['forest gump', 'Forrest Gump (1994)'],
    ['silense of the lambs', 'The Silence of the Lambs (1991)'],
    ['momento', 'Memento (2000)'],
    ['jwas', 'Jaws (1975)'],
    ['fabuleux destn', 'Amelie (2001)'],
    ['сталкр', 'Сталкер (1979)'],
  ])('%s', (query, title) => {
    expect(find(films, query)[0]).toBe(title);
  });

  it('are found in songs and courses', () => {
    expect(find(songs, 'metalica enter sandmn')[0]).toBe('Enter Sandman – Metallica');
    expect(find(songs, 'beyonse halo')[0]).toBe('Halo – Beyoncé');
    expect(find(courses, 'machne learnig')[0]).toMatch(/^Machine Learning/);
    expect(find(courses, 'photoshp')[0]).toBe('Photoshop for web design beginners');
  });

  it('are found with a missing or an extra space', () => {
    expect(find(films, 'starwars')[0]).toBe('Star Wars: Episode IV - A New Hope (1977)');
    expect(find(films, 'spiderman')[0]).toBe('Spider-Man (2002)');
    expect(find(films, 'walle')[0]).toBe('WALL·E (2008)');
    expect(find(films, 'god father')[0]).toBe('The Godfather (1972)');
  });

  it('are found with a wrong year', () => {
    expect(find(films, 'inception 2011')[0]).toBe('Inception (2010)');
  });
});

describe('a mix of exact and fuzzy matches', () => {
  it('ranks an exact title first, and shows the fuzzy match too', () => {
    const withLiteral = indexOf([...FILMS, { title: 'Godfater Rising', year: 2015, popularity: 0 }]);
    expect(find(withLiteral, 'godfater').slice(0, 2)).toEqual(['Godfater Rising (2015)', 'The Godfather (1972)']);
  });

  it('does not hide the fuzzy match behind an accidental match in a rare name', () => {
    const withJunk = indexOf([
      ...FILMS,
      { title: 'The Last Train', creators: ['Jo Matrx'], year: 2011, popularity: 1 },
      { title: 'Gardens', cast: ['Ann Godfater'], year: 2012, popularity: 0 },
    ]);
    expect(find(withJunk, 'the matrx')[0]).toBe('The Matrix (1999)');
    expect(find(withJunk, 'matrx')[0]).toBe('The Matrix (1999)');
    expect(find(withJunk, 'the matrx')).toContain('The Last Train (2011)');
    expect(find(withJunk, 'godfater')[0]).toBe('The Godfather (1972)');
  });

  it('works without popularity', () => {
    const unknown = indexOf(FILMS.map((film) => ({ ...film, popularity: 0 })));
    expect(find(unknown, 'toy story')).toEqual(['Toy Story (1995)']);
    expect(find(unknown, 'inceptoin')[0]).toBe('Inception (2010)');
  });
});

describe('unusual input', () => {
  it.each(['', '   ', '?!…', '🎬🍿', '\u0000', '\ud800', "'"])('finds nothing for %j', (query) => {
    expect(films.index.search(query, 10)).toEqual([]);
  });

  it('finds nothing in an empty catalog', () => {
    expect(indexOf([]).index.search('godfather', 10)).toEqual([]);
  });

  it('accepts very long queries', () => {
    for (const long of ['a'.repeat(10_000), 'godfater '.repeat(1200), '🎬'.repeat(5000), 'שלום '.repeat(2000)]) {
      expect(films.index.search(long, 10).length).toBeLessThanOrEqual(10);
    }
    expect(find(films, `the godfather ${'x'.repeat(10_000)}`)[0]).toBe('The Godfather (1972)');
  });

  it('respects the limit', () => {
    expect(films.index.search('the', 3)).toHaveLength(3);
    expect(films.index.search('the', 0)).toEqual([]);
    expect(films.index.search('the', Number.POSITIVE_INFINITY).length).toBeGreaterThan(10);
  });

  it('returns distinct rows for any query, the same each time', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'godfather mtix 19 é/'), maxLength: 30 }),
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 50 }), (query, limit) => {
        const hits = films.index.search(query, limit);
        expect(hits.length).toBeLessThanOrEqual(limit);
        expect(new Set(hits.map(({ row }) => row)).size).toBe(hits.length);
        for (const { row } of hits) expect(films.items[row]).toBeDefined();
        expect(films.index.search(query, limit)).toEqual(hits);
      }),
    );
  });
});

describe('typing letter by letter', () => {
  const seen = new Map<string, number[]>();
  beforeAll(() => {
    for (const { title, popularity } of FILMS) {
      if (popularity === 0) continue;
      const places = [];
      for (let length = 1; length <= title.length; length++) {
        places.push(find(films, title.slice(0, length), 50).findIndex((found) => found.startsWith(title)));
      }
      seen.set(title, places);
    }
  });

  it('shows the item from the third letter on', () => {
    for (const [title, places] of seen) {
      for (const place of places.slice(2)) expect(place, title).toBeGreaterThanOrEqual(0);
    }
  });

  it('shows it first once the title is complete', () => {
    for (const [title, places] of seen) expect(places.at(-1), title).toBe(0);
  });
});
