import { cleanText, distinct } from '../text';

export interface FilmTitle {
  /** In reading order, without the year: "The Godfather". */
  title: string;
  /** Other names of the film, in the order given. */
  aka: string[];
  year?: number;
}

/**
 * Articles that the source moves behind a comma: English, French, Italian, Spanish, Portuguese, German, Dutch,
 * Scandinavian, and the hyphenated ones of Arabic and Hebrew.
 */
const ARTICLES = new Set(
  (
    "the a an le la les l' un une des il lo i gli uno una el los las o os um uma " +
    'der die das ein eine den det de en ett het een al- el- ha-'
  ).split(' '),
);

const OTHER_NAME_MARK = /^(?:a\.?k\.?a\.?:?|also known as)\s+/i;
/** Text in parentheses that is not another name: a part, a number, a span of years, a medium. */
const NO_NAME =
  /^(?:(?:part|pt\.?|vol\.?|volume|episode|chapter|book|no\.?|season|series)\s*(?:\d+|[ivx]+|one|two|three|four|five)|tv|short|live|\d{1,3}|[ivx]+|\d{4}\s*[-–]\s*\d{2,4})$/i;
const YEAR = String.raw`\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)+`;
/** The year is at the end or, rarely, before the last other name. Of a span of years the first counts. */
const DATED = [new RegExp(String.raw`^(.+?)\s*${YEAR}$`), new RegExp(String.raw`^(.+?)\s*${YEAR}(\s*\([^()]*\))$`)];

/**
 * Parses a title such as `City of Lost Children, The (Cité des enfants perdus, La) (1995)`: separates the year and the
 * other names in parentheses, and moves articles back to the front.
 */
export function parseFilmTitle(raw: string): FilmTitle {
  let rest = cleanText(raw);
  let year: number | undefined;
  for (const form of DATED) {
    const match = form.exec(rest);
    if (match === null) continue;
    year = Number(match[2]);
    rest = match[1] + (match[3] ?? '');
    break;
  }

  const names: string[] = [];
  for (;;) {
    const [before, inside] = splitLastParentheses(rest);
    // In "Birdman: Or (The Unexpected Virtue of Ignorance)" the parentheses belong to the title.
    if (before === '' || inside === '' || NO_NAME.test(inside) || /(?:\bor|[:-])$/i.test(before)) break;
    names.unshift(inside);
    rest = before.replace(/,$/, '');
  }
  const title = articleFirst(rest);
  const aka = distinct(
    names.flatMap((name) => name.split(/\s*\/\s+/)).map((name) => articleFirst(name.replace(OTHER_NAME_MARK, ''))),
  );
  return { title, aka: aka.filter((name) => name !== '' && name !== title), ...(year === undefined ? {} : { year }) };
}

/** `A (B (C))` → `A`, `B (C)`; empty strings if the text does not end with balanced parentheses. */
function splitLastParentheses(text: string): [before: string, inside: string] {
  if (!text.endsWith(')')) return ['', ''];
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) {
      // "Histoire(s)" has no second name.
      if (at > 0 && text[at - 1] !== ' ') return ['', ''];
      return [text.slice(0, at).trim(), text.slice(at + 1, -1).trim()];
    }
  }
  return ['', ''];
}

/**
 * `Postino, Il` → `Il Postino`, `Associé, L'` → `L'Associé`, `Crow, The: Wicked Prayer` → `The Crow: Wicked Prayer`.
 */
function articleFirst(name: string): string {
  const subtitled = /^([^:]+), (The|An?): (.+)$/.exec(name.trim());
  if (subtitled !== null) return `${subtitled[2]} ${subtitled[1]}: ${subtitled[3]}`;
  const match = /^(.+), ([^\s,]+)$/u.exec(name.trim());
  if (match === null || !ARTICLES.has(match[2].toLowerCase().replace('’', "'"))) return name.trim();
  const [, noun, article] = match;
  return /['’-]$/.test(article) ? article + noun : `${article} ${noun}`;
}
