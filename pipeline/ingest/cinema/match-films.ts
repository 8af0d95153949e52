import { foldKey, getOrSet } from '../text';

/** A film to match: its names, best first, and its year. */
export interface FilmToMatch {
  title: string;
  aka: string[];
  year?: number;
  /** More popular films are matched first. */
  popularity: number;
  /** Known to be neither from the United States nor in English. */
  isForeign: boolean;
}

export interface WikipediaFilm {
  title: string;
  year: number;
  extract: string | null;
}

/** About the length of a first sentence, in characters. */
const FIRST_SENTENCE_LENGTH = 150;

/**
 * Matches films with Wikipedia entries by title and year, one to one. The most certain matches come first: same title
 * and year, then a year apart, then by other names. The last ones match only a part of the title, if the extract
 * contains the other part ("Star Wars: Episode V - The Empire Strikes Back"), or drop a possessor ("National Lampoon's
 * Animal House").
 *
 * @returns the index of the entry by film; −1 if it has none
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
    film.isForeign && /\bAmerican\b/.test((extract ?? '').slice(0, FIRST_SENTENCE_LENGTH));
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
      if (film.isForeign) return;
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

/** A key that ignores punctuation, "&", "Vol." and Roman numerals. */
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
 * Beginnings and ends of a title at its colons and dashes. Each has a proof, words that the extract must contain: the
 * series for the end of a title, the rest for its beginning.
 */
function partsOfTitle(title: string): [part: string, proof: string][] {
  const breaks = [...title.matchAll(/\s*[:–—]\s+|\s+-\s+/g)];
  const parts = breaks.flatMap((match): [string, string][] => {
    const [before, after] = [title.slice(0, match.index), title.slice(match.index + match[0].length)];
    return [
      [after, title.slice(0, breaks[0].index)],
      // "Episode IV" was added to the title later, so the extract may not mention it.
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
