import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { cleanText } from '../text';
import { type Course, cleanAndReport, LEVELS } from './course';

export const COURSERA = 'coursera_catalog.jsonl';
/** Courses in other languages are left out. */
const CATALOG_LANGUAGE = 'en';

const courseraRow = z.object({
  slug: z.string().min(1),
  title: z.string().min(1),
  partner: z.string().nullable(),
  skills: z.array(z.string()),
  level: z.string().nullable(),
  lang: z.string(),
  description: z.string().nullable(),
});
type CourseraRow = z.infer<typeof courseraRow>;

/** Reads the rows of the English courses, each once. */
export async function readCoursera(folder: RawFolder, report: IngestReport): Promise<CourseraRow[]> {
  const rows: CourseraRow[] = [];
  const slugs = new Set<string>();
  for await (const row of folder.jsonLines(COURSERA, courseraRow)) {
    if (row.lang !== CATALOG_LANGUAGE) report.dropped(COURSERA, 'not in English', row.slug);
    else if (slugs.has(row.slug)) report.dropped(COURSERA, 'second row of a course', row.slug);
    else rows.push(row);
    slugs.add(row.slug);
  }
  return rows;
}

/** The course of a row, without categories, which Coursera's catalog does not have. */
export function toCourseraCourse(row: CourseraRow, report: IngestReport): Course {
  const level = row.level?.toLowerCase() ?? '';
  const creator = cleanAndReport(row.partner ?? '', COURSERA, report);
  return {
    // Udemy's ids are numbers, so a prefix keeps the ids of the two providers distinct.
    id: `coursera-${row.slug}`,
    title: cleanAndReport(row.title, COURSERA, report),
    provider: 'Coursera',
    external: { coursera: row.slug },
    creators: creator === '' ? [] : [creator],
    categories: [],
    skills: row.skills,
    level: LEVELS[level],
    language: 'English',
    description: cleanText(row.description ?? ''),
    learners: 0,
  };
}
