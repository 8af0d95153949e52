import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { Casing } from './casing';
import { type Course, cleanAndReport, LEVELS } from './course';
import { WordSplitter } from './word-splitter';

export const UDEMY = 'coco_courses.csv';
/** Udemy's category for everything that fits no other. */
const NO_CATEGORY = 'other';
/** The source of a title that was reconstructed from the course's URL: lower case, without punctuation. */
const FROM_URL = 'slug';
/** A shorter title without spaces is a single word, not several words written together. */
const MIN_COMPOUND_LENGTH = 8;

const udemyRow = z.object({
  course_id: z.string().regex(/^\d+$/, 'not a number'),
  title: z.string().min(1),
  title_source: z.string(),
  slug: z.string().min(1),
  categories: z.string(),
  concepts: z.string(),
  level: z.string(),
  language: z.string(),
});
type UdemyRow = z.infer<typeof udemyRow>;

/** Reads the rows of all courses, sorted by id. */
export async function readUdemy(folder: RawFolder): Promise<UdemyRow[]> {
  const rows: UdemyRow[] = [];
  for await (const row of folder.csv(UDEMY, udemyRow)) rows.push(row);
  return rows.sort((a, b) => Number(a.course_id) - Number(b.course_id));
}

/**
 * The courses of the rows. Titles that were reconstructed from a URL get word breaks and capitals again.
 *
 * @param coursera courses from whose titles and descriptions the usual spelling of words is learned
 */
export function toUdemyCourses(rows: readonly UdemyRow[], coursera: readonly Course[], report: IngestReport): Course[] {
  const casing = new Casing();
  const splitter = new WordSplitter();
  for (const { title, description } of coursera) {
    casing.learn(description ?? '');
    splitter.learn(`${title} ${description}`);
  }
  for (const { title } of rows) if (title.includes(' ')) splitter.learn(title);

  return rows.map((row) => {
    const title = cleanAndReport(row.title, UDEMY, report);
    return {
      id: row.course_id,
      title: row.title_source === FROM_URL ? restoreTitle(title, casing, splitter, report) : title,
      provider: 'Udemy',
      external: { udemy: row.slug },
      creators: [],
      categories: splitList(row.categories)
        .filter((category) => category !== NO_CATEGORY)
        .map(categoryLabel),
      skills: splitList(row.concepts),
      level: LEVELS[row.level],
      language: capitalise(row.language),
      learners: 0,
    };
  });
}

/** Restores word breaks and capitals of a title from a URL. */
function restoreTitle(title: string, casing: Casing, splitter: WordSplitter, report: IngestReport): string {
  const words =
    title.includes(' ') || title.length < MIN_COMPOUND_LENGTH ? [title] : splitter.split(title.toLowerCase());
  if (words.length > 1) report.repaired(UDEMY, 'words of an address taken apart', `${title} → ${words.join(' ')}`);
  const cased = casing.title(words.join(' '));
  if (words.length === 1 && cased !== title) report.repaired(UDEMY, 'capitals of names', `${title} → ${cased}`);
  return cased;
}

function splitList(text: string): string[] {
  return text.split('|').filter((value) => value !== '');
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `it-and-software` → `IT and software`. */
function categoryLabel(slug: string): string {
  return capitalise(slug.replaceAll('-', ' '))
    .replace(/^It\b/, 'IT')
    .replace(/\b3d\b/i, '3D');
}
