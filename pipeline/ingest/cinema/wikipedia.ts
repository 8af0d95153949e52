import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { cleanText, distinct } from '../text';
import { parseDirectors, resolveSiblings } from './directors';
import type { Film } from './film';
import { matchFilms } from './match-films';
import { MOVIES } from './movies';

export const WIKIPEDIA = 'wikipedia-films.jsonl';
/** Later names in the billing are bit parts, which say little and take space. */
const MAX_CAST = 12;

const wikipediaRow = z.object({
  title: z.string(),
  year: z.number().int(),
  cast: z.array(z.string()),
  extract: z.string().nullable(),
});

/** Adds cast, plot and directors to the films. Needs titles, ratings, countries and languages, which it matches by. */
export async function readWikipedia(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  const entries: z.infer<typeof wikipediaRow>[] = [];
  for await (const row of folder.jsonLines(WIKIPEDIA, wikipediaRow)) entries.push(row);
  const list = [...films.values()];
  const matches = matchFilms(
    list.map((film) => ({ ...film, popularity: film.ratings, isForeign: isForeign(film) })),
    entries,
  );
  const used = new Set<number>();
  const directors: string[][] = list.map(() => []);
  list.forEach((film, index) => {
    const entry = entries[matches[index]];
    if (entry === undefined) return;
    used.add(matches[index]);
    film.cast = distinct(entry.cast.map(castName).filter((name) => name !== undefined)).slice(0, MAX_CAST);
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

/**
 * The name in an entry of the cast; undefined for remarks such as "(voices)" and "and", which the lists also contain.
 */
function castName(raw: string): string | undefined {
  const name = cleanText(raw).replace(/ \([^()]*\)$/, '');
  const isPerson =
    /^[\p{Lu}\p{Lo}\d"']/u.test(name) && name.length > 2 && !/^(?:Jr|Sr|III?|Cast)\b|[()[\]:;]/.test(name);
  return isPerson ? name : undefined;
}

/** Whether the first sentence of an extract dates its subject near the film's year. Some extracts are about a book. */
function isAboutFilm(extract: string, year: number): boolean {
  const dated = /\b(?:is|was) (?:an? |the )?(?:\S+ ){0,2}?(1[89]\d\d|20\d\d)\b/.exec(extract.slice(0, 300));
  return dated === null || Math.abs(Number(dated[1]) - year) <= 2;
}
