import type { ItemRow } from '../../../lib/contracts/domain-folder';
import type { IngestReport } from '../ingest-report';
import { cleanText } from '../text';

/** A course of either provider. */
export interface Course {
  id: string;
  title: string;
  provider: 'Udemy' | 'Coursera';
  external: Record<string, string>;
  creators: string[];
  /** The widest first. */
  categories: string[];
  skills: string[];
  level?: string;
  language: string;
  description?: string;
  learners: number;
}

/** Names of the providers' levels. */
export const LEVELS: Record<string, string> = {
  all: 'All levels',
  beginner: 'Beginner',
  intermediate: 'Intermediate',
  expert: 'Advanced',
  advanced: 'Advanced',
};

/** The row of `items.jsonl`. Empty fields are left out. */
export function toItem(course: Course): ItemRow {
  const tags = {
    categories: course.categories,
    skills: course.skills,
    level: course.level === undefined ? [] : [course.level],
    language: course.language === '' ? [] : [course.language],
    provider: [course.provider],
  };
  return {
    id: course.id,
    title: course.title,
    ...(course.creators.length === 0 ? {} : { creators: course.creators }),
    tags: Object.fromEntries(Object.entries(tags).filter(([, values]) => values.length > 0)),
    ...(course.description === undefined || course.description === ''
      ? {}
      : { text: { description: course.description } }),
    external: course.external,
  };
}

/** Cleans a text and reports if that changed it. */
export function cleanAndReport(text: string, file: string, report: IngestReport): string {
  const clean = cleanText(text);
  if (clean !== text) report.repaired(file, 'spaces or entities', text);
  return clean;
}
