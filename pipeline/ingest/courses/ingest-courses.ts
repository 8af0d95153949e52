import { z } from 'zod';
import type { DomainConfig, domainConfigSchema, ItemRow } from '../../../lib/contracts/domain-folder';
import { DomainFolderWriter } from '../../domain-folder/write';
import { chooseInterests } from '../choose-interests';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import type { BuildReport } from '../report';
import { cleanText, getOrSet } from '../text';
import { Casing } from './casing';
import { CategoryGuesser } from './category-guess';
import { SkillVocabulary } from './skills';
import { WordSplitter } from './word-splitter';

const UDEMY = 'coco_courses.csv';
const ENROLMENTS = 'coco_interactions.csv';
const COURSERA = 'coursera_catalog.jsonl';
const CATALOG_LANGUAGE = 'en';
/** Udemy's category for what fits no other. */
const NO_CATEGORY = 'other';

const COURSES = {
  id: 'courses',
  label: 'Courses',
  item: { one: 'course', many: 'courses' },
  verb: 'learn',
  users: 'learners',
  fields: [
    { name: 'categories', kind: 'tags', weight: 0.8, show: true },
    { name: 'skills', kind: 'tags', weight: 1 },
    { name: 'title', kind: 'text', weight: 1.5 },
    { name: 'creators', kind: 'tags', weight: 0.3 },
    { name: 'level', kind: 'tags', weight: 0.2 },
    { name: 'language', kind: 'tags', weight: 0.8 },
    { name: 'provider', kind: 'tags', weight: 0.1 },
    { name: 'description', kind: 'text', weight: 0.4 },
  ],
  links: { udemy: 'https://www.udemy.com/course/{udemy}/', coursera: 'https://www.coursera.org/learn/{coursera}' },
  minUserInteractions: 2,
  minItemInteractions: 1,
  // Found by `inkpick tune`, which takes longer than the training itself.
  training: {
    latent: { unobservedWeight: 0.033, regularization: 0.009 },
    neighbours: { neighbours: 200, regularization: 90, dropout: 0.25 },
  },
} satisfies z.input<typeof domainConfigSchema>;
const INTERESTS = { count: 16, mostOverlap: 0.6, mostShare: 0.2 };

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
const enrolmentRow = z.object({
  user_id: z.string().min(1),
  course_id: z.string().min(1),
  timestamp: z.coerce.number().int().nonnegative(),
});
const courseraRow = z.object({
  slug: z.string().min(1),
  title: z.string().min(1),
  partner: z.string().nullable(),
  skills: z.array(z.string()),
  level: z.string().nullable(),
  lang: z.string(),
  description: z.string().nullable(),
});

type UdemyRow = z.infer<typeof udemyRow>;
type EnrolmentRow = z.infer<typeof enrolmentRow>;
type CourseraRow = z.infer<typeof courseraRow>;

const LEVELS: Record<string, string> = {
  all: 'All levels',
  beginner: 'Beginner',
  intermediate: 'Intermediate',
  expert: 'Advanced',
  advanced: 'Advanced',
};
/** A title of Udemy's that was rebuilt from the course's address: lower case, without punctuation. */
const FROM_ADDRESS = 'slug';
/** A single word of fewer letters is one word, not several written together. */
const SHORTEST_COMPOUND = 8;

/** A course of either provider. */
interface Course {
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

/** Writes the courses domain: Udemy courses with the enrolments of COCO, and Coursera's English courses without. */
export async function ingestCourses({ raw, out, report, progress }: IngestOptions): Promise<void> {
  const folder = await RawFolder.open(raw, [UDEMY, ENROLMENTS, COURSERA], report);
  progress.start('courses');
  const udemyRows: UdemyRow[] = [];
  for await (const row of folder.csv(UDEMY, udemyRow)) udemyRows.push(row);
  udemyRows.sort((a, b) => Number(a.course_id) - Number(b.course_id));
  const courseraRows = await readCoursera(folder, report);

  progress.start('titles and skills');
  const coursera = courseraRows.map((row) => courseraCourse(row, report));
  const udemy = udemyCourses(udemyRows, coursera, report);
  const courses = [...udemy, ...coursera];
  unifySkills(courses);
  progress.start('categories');
  guessCategories(udemy, coursera);
  progress.start('enrolments');
  const enrolments = await readEnrolments(folder, udemy, report);

  progress.start('writing', courses.length + enrolments.length);
  const config = { ...COURSES, interests: drawInterests(courses) };
  const writer = await DomainFolderWriter.open(out, config, { value: false, timestamp: true });
  try {
    let done = 0;
    for (const course of courses) {
      await writer.item(toItem(course));
      progress.update(++done);
    }
    for (const { user_id, course_id, timestamp } of enrolments) {
      await writer.interaction(user_id, course_id, undefined, timestamp);
      progress.update(++done);
    }
    addFigures(report, courses, enrolments.length);
    await writer.close(report);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

async function readCoursera(folder: RawFolder, report: BuildReport): Promise<CourseraRow[]> {
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

async function readEnrolments(folder: RawFolder, udemy: Course[], report: BuildReport): Promise<EnrolmentRow[]> {
  const byId = new Map(udemy.map((course) => [course.id, course]));
  const seen = new Set<string>();
  const enrolments: EnrolmentRow[] = [];
  for await (const row of folder.csv(ENROLMENTS, enrolmentRow)) {
    const course = byId.get(row.course_id);
    const pair = `${row.user_id} ${row.course_id}`;
    if (course === undefined) report.dropped(ENROLMENTS, `course is not in ${UDEMY}`, row.course_id);
    else if (seen.has(pair)) report.dropped(ENROLMENTS, 'second enrolment in the same course', pair);
    else {
      seen.add(pair);
      course.learners++;
      enrolments.push(row);
    }
  }
  return enrolments;
}

function courseraCourse(row: CourseraRow, report: BuildReport): Course {
  const level = row.level?.toLowerCase() ?? '';
  const creator = repaired(row.partner ?? '', COURSERA, report);
  return {
    // Udemy's ids are numbers, so that a prefix keeps the two apart whatever the address.
    id: `coursera-${row.slug}`,
    title: repaired(row.title, COURSERA, report),
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

function udemyCourses(rows: UdemyRow[], coursera: Course[], report: BuildReport): Course[] {
  const casing = new Casing();
  const splitter = new WordSplitter();
  for (const { title, description } of coursera) {
    casing.learn(description ?? '');
    splitter.learn(`${title} ${description}`);
  }
  for (const { title } of rows) if (title.includes(' ')) splitter.learn(title);

  return rows.map((row) => {
    let title = repaired(row.title, UDEMY, report);
    if (row.title_source === FROM_ADDRESS) {
      const words =
        title.includes(' ') || title.length < SHORTEST_COMPOUND ? [title] : splitter.split(title.toLowerCase());
      if (words.length > 1) report.repaired(UDEMY, 'words of an address taken apart', `${title} → ${words.join(' ')}`);
      const cased = casing.title(words.join(' '));
      if (words.length === 1 && cased !== title) report.repaired(UDEMY, 'capitals of names', `${title} → ${cased}`);
      title = cased;
    }
    return {
      id: row.course_id,
      title,
      provider: 'Udemy',
      external: { udemy: row.slug },
      creators: [],
      categories: list(row.categories)
        .filter((category) => category !== NO_CATEGORY)
        .map(categoryLabel),
      skills: list(row.concepts),
      level: LEVELS[row.level],
      language: capitalized(row.language),
      learners: 0,
    };
  });
}

/** Gives concepts and skills that mean the same the same name. */
function unifySkills(courses: Course[]): void {
  const vocabulary = new SkillVocabulary(courses.flatMap(({ skills }) => skills));
  for (const course of courses) course.skills = vocabulary.names(course.skills);
}

/** Coursera's catalog has no categories: its courses take those of the Udemy courses most like them, where these agree. */
function guessCategories(udemy: Course[], coursera: Course[]): void {
  const guesser = new CategoryGuesser(udemy.filter(({ language }) => language === 'English'));
  for (const course of coursera) course.categories = guesser.guess(course);
}

function drawInterests(courses: Course[]): NonNullable<DomainConfig['interests']> {
  const items = new Map<string, number[]>();
  for (const [index, { categories }] of courses.entries()) {
    for (const category of categories) getOrSet(items, category, () => []).push(index);
  }
  const candidates = [...items].map(([value, items]) => ({ value, items }));
  return chooseInterests(candidates, INTERESTS).map((value) => ({
    label: value,
    field: 'categories',
    values: [value],
  }));
}

function toItem(course: Course): ItemRow {
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

function addFigures(report: BuildReport, courses: Course[], interactions: number): void {
  const count = (has: (course: Course) => boolean) => courses.filter(has).length;
  report.figure('items', courses.length);
  report.figure('interactions', interactions);
  report.figure(
    'Udemy courses',
    count(({ provider }) => provider === 'Udemy'),
  );
  report.figure(
    'Coursera courses',
    count(({ provider }) => provider === 'Coursera'),
  );
  report.figure(
    'items with interactions',
    count(({ learners }) => learners > 0),
  );
  report.figure(
    'Udemy courses with skills',
    count(({ provider, skills }) => provider === 'Udemy' && skills.length > 0),
  );
  report.figure(
    'Coursera courses with skills',
    count(({ provider, skills }) => provider === 'Coursera' && skills.length > 0),
  );
  report.figure(
    'Coursera courses with a category',
    count((c) => c.provider === 'Coursera' && c.categories.length > 0),
  );
  report.figure(
    'Coursera courses with two',
    count((c) => c.provider === 'Coursera' && c.categories.length > 1),
  );
  const skills = (provider: string) => new Set(courses.filter((c) => c.provider === provider).flatMap((c) => c.skills));
  const [udemy, coursera] = [skills('Udemy'), skills('Coursera')];
  report.figure('skills', new Set([...udemy, ...coursera]).size);
  report.figure('skills of both providers', [...udemy].filter((skill) => coursera.has(skill)).length);
}

function list(text: string): string[] {
  return text.split('|').filter((value) => value !== '');
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `it-and-software` → `IT and software`. */
function categoryLabel(slug: string): string {
  return capitalized(slug.replaceAll('-', ' '))
    .replace(/^It\b/, 'IT')
    .replace(/\b3d\b/i, '3D');
}

function repaired(text: string, file: string, report: BuildReport): string {
  const clean = cleanText(text);
  if (clean !== text) report.repaired(file, 'spaces or entities', text);
  return clean;
}
