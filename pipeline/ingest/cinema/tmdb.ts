import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { cleanText, distinct, getOrSet } from '../text';
import type { Film } from './film';
import { MOVIES, numericId } from './movies';
import { namesInPythonList } from './python-list';
import { countryName, languageName } from './tmdb-names';

const KEYWORDS = 'tmdb-keywords.csv';
/** Files with one fact per row: the field of the film, the column with the value, and the name of a code. */
const FACTS = [
  { field: 'collection', file: 'tmdb-collections.csv', column: 'collection' },
  { field: 'companies', file: 'tmdb-companies.csv', column: 'company' },
  { field: 'countries', file: 'tmdb-countries.csv', column: 'country', nameOf: countryName },
  { field: 'languages', file: 'tmdb-languages.csv', column: 'language', nameOf: languageName },
] as const;
/** All files of TMDB. */
export const TMDB_FILES: readonly string[] = [KEYWORDS, ...FACTS.map(({ file }) => file)];

/** Keywords about the reel rather than the story. */
const IGNORED_KEYWORDS = new Set(['duringcreditsstinger', 'aftercreditsstinger']);

const keywordRow = z.object({ id: numericId, keywords: z.string() });
const factRow = z.object({ tmdbId: numericId }).catchall(z.string());

/** Adds keywords, collections, companies, countries and languages to the films. */
export async function readTmdb(folder: RawFolder, films: Map<string, Film>, report: IngestReport): Promise<void> {
  const byTmdb = new Map<string, Film[]>();
  for (const film of films.values()) {
    if (film.tmdb === undefined) continue;
    getOrSet(byTmdb, film.tmdb, () => []).push(film);
  }
  await readKeywords(folder, byTmdb, report);
  for (const { field, file, column, ...fact } of FACTS) {
    const nameOf = 'nameOf' in fact ? fact.nameOf : (text: string) => text;
    for await (const row of folder.csv(file, factRow)) {
      const matching = byTmdb.get(row.tmdbId);
      const text = cleanText(row[column] ?? '');
      const value = nameOf(text);
      if (matching === undefined) report.dropped(file, `film is not in ${MOVIES}`, row.tmdbId);
      else if (value === undefined || value === '') report.dropped(file, 'code without a name', text);
      else for (const film of matching) if (!film[field].includes(value)) film[field].push(value);
    }
  }
}

async function readKeywords(folder: RawFolder, byTmdb: Map<string, Film[]>, report: IngestReport): Promise<void> {
  const seen = new Set<string>();
  for await (const row of folder.csv(KEYWORDS, keywordRow)) {
    if (seen.has(row.id)) {
      report.dropped(KEYWORDS, 'second row of a film', row.id);
      continue;
    }
    seen.add(row.id);
    const keywords = namesInPythonList(row.keywords).map((name) => cleanText(name).toLowerCase());
    const matching = byTmdb.get(row.id);
    if (matching === undefined) {
      report.dropped(KEYWORDS, `film is not in ${MOVIES}`, row.id);
      continue;
    }
    for (const film of matching) {
      film.keywords = distinct(keywords.filter((keyword) => keyword !== '' && !IGNORED_KEYWORDS.has(keyword)));
    }
  }
}
