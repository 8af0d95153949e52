import { foldKey, getOrSet } from '../text';

/** A film to be found: its names, best first, and its year. */
export interface FilmToMatch {
  title: string;
  aka: string[];
  year?: number;
  /** The higher, the earlier it may choose among equals. */
  popularity: number;
  /** Known to come neither from the United States nor to be in English. */
  foreign: boolean;
}

export interface WikipediaFilm {
  title: string;
  year: number;
  extract: string | null;
}

const FIRST_SENTENCE = 150;

/**
 * Pairs films with encyclopaedia entries by title and year. An entry belongs to one film at most and a film to
 * one entry. The surest pairs are made first: same title and year, then a year apart, then by other names. Last
 * come those with only a part of the title ("Star Wars: Episode V - The Empire Strikes Back"), where the extract
 * has the other part, and "National Lampoon's Animal House".
 *
 * @returns for each film the index of its entry, or -1
 */
export function matchFilms(films: readonly FilmToMatch[], entries: readonly WikipediaFilm[]): Int32Array {
  const byTitle = new Map<string, number[]>();
  const withoutPossessor = new Map<string, number[]>();
  entries.forEach(({ title, year }, index) => {
    getOrSet(byTitle, `${titleKey(title)}\t${year}`, () => []).push(index);
    const rest = afterPossessor(title);
    if (rest !== undefined) getOrSet(withoutPossessor, `${titleKey(rest)}\t${year}`, () => []).push(index);
  });
  const order = films.map((_, index) => index).sort((a, b) => films[b].popularity - films[a].popularity || a - b);
  const matched = new Int32Array(films.length).fill(-1);
  const taken = new Uint8Array(entries.length);

  const contradicts = (film: FilmToMatch, { extract }: WikipediaFilm) =>
    film.foreign && /\bAmerican\b/.test((extract ?? '').slice(0, FIRST_SENTENCE));
  const pair = (index: number, key: string, entriesOf: Map<string, number[]>, proof = '') => {
    const words = titleKey(proof);
    const entry = entriesOf
      .get(key)
      ?.find(
        (candidate) =>
          taken[candidate] === 0 &&
          !contradicts(films[index], entries[candidate]) &&
          (words === '' || titleKey(entries[candidate].extract ?? '').includes(words)),
      );
    if (entry === undefined || matched[index] >= 0) return;
    matched[index] = entry;
    taken[entry] = 1;
  };
  const wholeNames =
    (names: (film: FilmToMatch) => string[], offsets: number[]) => (film: FilmToMatch, index: number) => {
      for (const name of names(film)) {
        for (const offset of offsets) pair(index, `${titleKey(name)}\t${film.year! + offset}`, byTitle);
      }
    };
  const passes = [
    wholeNames((film) => [film.title], [0]),
    wholeNames((film) => [film.title], [1, -1]),
    wholeNames((film) => film.aka, [0]),
    wholeNames((film) => film.aka, [1, -1]),
    (film: FilmToMatch, index: number) => {
      if (film.foreign) return;
      for (const [part, proof] of partsOfTitle(film.title)) {
        for (const offset of [0, 1, -1]) pair(index, `${titleKey(part)}\t${film.year! + offset}`, byTitle, proof);
      }
      pair(index, `${titleKey(film.title)}\t${film.year}`, withoutPossessor);
    },
  ];
  for (const pass of passes) {
    for (const index of order) if (films[index].year !== undefined && matched[index] < 0) pass(films[index], index);
  }
  return matched;
}

const ROMAN = ['', '', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix'];

/** Titles that differ in punctuation, "&", "Vol." or the way a sequel is numbered have one key. */
function titleKey(title: string): string {
  return foldKey(
    title
      .toLowerCase()
      .replace(/\bvol\./g, 'volume')
      .replace(/ ([ivx]{2,4})\b/g, (whole, numeral) =>
        ROMAN.includes(numeral) ? ` ${ROMAN.indexOf(numeral)}` : whole,
      ),
  );
}

/**
 * Beginnings and ends of a title at its colons and dashes, each with the words that the extract has to hold for
 * it to be the same film: the series for the end of a title, the rest for its beginning.
 */
function partsOfTitle(title: string): [part: string, proof: string][] {
  const breaks = [...title.matchAll(/\s*[:–—]\s+|\s+-\s+/g)];
  const parts = breaks.flatMap((match): [string, string][] => {
    const [before, after] = [title.slice(0, match.index), title.slice(match.index + match[0].length)];
    return [
      [after, title.slice(0, breaks[0].index)],
      // "Episode IV" is numbering that came later, of which an extract need not speak.
      [before, /^(?:episode|part|chapter)\b/i.test(after) ? '' : after],
    ];
  });
  const rest = afterPossessor(title);
  return rest === undefined ? parts : [...parts, [rest, title]];
}

/** "National Lampoon's Animal House" → "Animal House". */
function afterPossessor(title: string): string | undefined {
  return /^\p{Lu}[^:]*?['’]s? (.+)$/u.exec(title)?.[1];
}
