import type { DomainConfig } from '../../../lib/contracts/domain-folder';
import { DomainFolderWriter } from '../../domain-folder/write';
import { chooseInterests } from '../choose-interests';
import type { IngestReport } from '../ingest-report';
import type { IngestOptions } from '../options';
import { RawFolder } from '../raw-folder';
import { getOrSet } from '../text';
import { CategoryGuesser } from './category-guesser';
import { type Course, toItem } from './course';
import { COURSERA, readCoursera, toCourseraCourse } from './coursera';
import { COURSE_INTERESTS, COURSES } from './courses-config';
import { ENROLMENTS, readEnrolments } from './enrolments';
import { SkillVocabulary } from './skills';
import { readUdemy, toUdemyCourses, UDEMY } from './udemy';

/** Writes the courses domain: Udemy courses with the enrolments of COCO, and Coursera's English courses without any. */
export async function ingestCourses({ raw, out, report, progress }: IngestOptions): Promise<void> {
  const folder = await RawFolder.open(raw, [UDEMY, ENROLMENTS, COURSERA], report);
  progress.start('courses');
  const udemyRows = await readUdemy(folder);
  const courseraRows = await readCoursera(folder, report);

  progress.start('titles and skills');
  const coursera = courseraRows.map((row) => toCourseraCourse(row, report));
  const udemy = toUdemyCourses(udemyRows, coursera, report);
  const courses = [...udemy, ...coursera];
  unifySkills(courses);
  progress.start('categories');
  guessCategories(udemy, coursera);
  progress.start('enrolments');
  const enrolments = await readEnrolments(folder, udemy, report);

  progress.start('writing', courses.length + enrolments.length);
  const config = { ...COURSES, interests: interestsOf(courses) };
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

/** Gives Udemy's concepts and Coursera's skills with the same meaning the same name. */
function unifySkills(courses: readonly Course[]): void {
  const vocabulary = new SkillVocabulary(courses.flatMap(({ skills }) => skills));
  for (const course of courses) course.skills = vocabulary.names(course.skills);
}

/** Coursera's catalog has no categories, so its courses take those on which the most similar Udemy courses agree. */
function guessCategories(udemy: readonly Course[], coursera: readonly Course[]): void {
  const guesser = new CategoryGuesser(udemy.filter(({ language }) => language === 'English'));
  for (const course of coursera) course.categories = guesser.guess(course);
}

/** Chooses interests from the categories. */
function interestsOf(courses: readonly Course[]): NonNullable<DomainConfig['interests']> {
  const items = new Map<string, number[]>();
  for (const [index, { categories }] of courses.entries()) {
    for (const category of categories) getOrSet(items, category, () => []).push(index);
  }
  const candidates = [...items].map(([value, items]) => ({ value, items }));
  return chooseInterests(candidates, COURSE_INTERESTS).map((value) => ({
    label: value,
    field: 'categories',
    values: [value],
  }));
}

function addFigures(report: IngestReport, courses: readonly Course[], interactions: number): void {
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
