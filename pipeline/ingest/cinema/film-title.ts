import { cleanText, distinct } from '../text';

export interface FilmTitle {
  /** In reading order, without the year: "The Godfather". */
  title: string;
  /** Other names of the film, in the order given. */
  aka: string[];
  year?: number;
}

/**
 * Articles that the source moves behind a comma, by language: English, French, Italian, Spanish, Portuguese,
 * German, Dutch, Scandinavian, and the Arabic and Hebrew ones that are written with a hyphen.
 */
const ARTICLES = new Set(
  (
    "the a an le la les l' un une des il lo i gli uno una el los las o os um uma " +
    'der die das ein eine den det de en ett het een al- el- ha-'
  ).split(' '),
);

const OTHER_NAME_MARK = /^(?:a\.?k\.?a\.?:?|also known as)\s+/i;
/** What stands in parentheses but is no other name: a part, a number, a span of years, a medium. */
const NO_NAME =
  /^(?:(?:part|pt\.?|vol\.?|volume|episode|chapter|book|no\.?|season|series)\s*(?:\d+|[ivx]+|one|two|three|four|five)|tv|short|live|\d{1,3}|[ivx]+|\d{4}\s*[-–]\s*\d{2,4})$/i;
const YEAR = String.raw`\((\d{4})(?:\s*[-–]\s*(?:\d{4})?)?\)+`;
/** The year closes the title, or, rarely, stands before the last other name; a span of years counts from its first. */
const DATED = [new RegExp(String.raw`^(.+?)\s*${YEAR}$`), new RegExp(String.raw`^(.+?)\s*${YEAR}(\s*\([^()]*\))$`)];

/**
 * Takes apart a title such as `City of Lost Children, The (Cité des enfants perdus, La) (1995)`:
 * the year, other names in parentheses at the end, and articles put behind a comma.
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
    // "Birdman: Or (The Unexpected Virtue of Ignorance)" reads on into its parentheses.
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

/** `A (B (C))` → `A`, `B (C)`; empty strings where the text does not end in balanced parentheses. */
function splitLastParentheses(text: string): [before: string, inside: string] {
  if (!text.endsWith(')')) return ['', ''];
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) {
      // "Histoire(s)" holds no second name.
      if (at > 0 && text[at - 1] !== ' ') return ['', ''];
      return [text.slice(0, at).trim(), text.slice(at + 1, -1).trim()];
    }
  }
  return ['', ''];
}

/** `Postino, Il` → `Il Postino`, `Associé, L'` → `L'Associé`, `Crow, The: Wicked Prayer` → `The Crow: Wicked Prayer`. */
function articleFirst(name: string): string {
  const subtitled = /^([^:]+), (The|An?): (.+)$/.exec(name.trim());
  if (subtitled !== null) return `${subtitled[2]} ${subtitled[1]}: ${subtitled[3]}`;
  const match = /^(.+), ([^\s,]+)$/u.exec(name.trim());
  if (match === null || !ARTICLES.has(match[2].toLowerCase().replace('’', "'"))) return name.trim();
  const [, noun, article] = match;
  return /['’-]$/.test(article) ? article + noun : `${article} ${noun}`;
}
