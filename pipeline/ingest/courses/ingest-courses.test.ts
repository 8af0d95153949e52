import { expect, test } from 'vitest';
import { ingestFiles } from '../testing';
import { ingestCourses } from './ingest-courses';

const coursera = (slug: string, more: object) =>
  JSON.stringify({
    slug,
    title: slug,
    partner: 'Yale ',
    skills: [],
    level: null,
    lang: 'en',
    rating: null,
    description: '',
    ...more,
  });
const prose = 'You will learn SQL, write Python and use SQL, Python and so on, then to control anger.\n';

const FILES = {
  'coco_courses.csv.gz': `course_id,title,title_source,slug,categories,concepts,level,language,n_users
20,Learn sql with python,slug,learn-sql-with-python,development|databases,SQL|Python (programming language),beginner,english,2
3,Intro to SQL: A  Start,udemy_3678,intro-to-sql,development|databases,SQL,all,english,1
4,Controlanger,slug,controlanger,personal-development|other,Udemy,expert,german,0
`,
  'coco_interactions.csv.gz':
    'user_id,course_id,timestamp,split\n7,20,1506072964,valid\n7,3,1506072965,test\n7,20,1506072966,train\n8,99,1,train\n',
  'coursera_catalog.jsonl.gz': [
    coursera('databases', {
      title: ' SQL Databases',
      skills: ['SQL', 'Python Programming'],
      level: 'Advanced',
      description: prose.repeat(5),
    }),
    coursera('bases', { lang: 'es' }),
    coursera('20', { title: 'Epidemiology' }),
  ].join('\n'),
};

test('writes courses of both providers, with distinct ids', async () => {
  const { items } = await ingestFiles(ingestCourses, FILES);
  expect([...items.keys()]).toEqual(['3', '4', '20', 'coursera-databases', 'coursera-20']);
  expect(items.get('20')).toEqual({
    id: '20',
    title: 'Learn SQL with Python',
    tags: {
      categories: ['Development', 'Databases'],
      skills: ['SQL', 'Python'],
      level: ['Beginner'],
      language: ['English'],
      provider: ['Udemy'],
    },
    external: { udemy: 'learn-sql-with-python' },
  });
});

test('restores titles', async () => {
  const { items, report } = await ingestFiles(ingestCourses, FILES);
  expect(items.get('3')?.title).toBe('Intro to SQL: A Start');
  expect(items.get('4')?.title).toBe('Control anger');
  expect(items.get('4')?.tags).toEqual({
    categories: ['Personal development'],
    level: ['Advanced'],
    language: ['German'],
    provider: ['Udemy'],
  });
  expect(report.files['coco_courses.csv'].repaired).toMatchObject({
    'words of an address taken apart': { count: 1 },
    'capitals of names': { count: 1 },
    'spaces or entities': { count: 1 },
  });
});

test('a Coursera course shares skills with Udemy and gets the categories of the most similar courses', async () => {
  const { items } = await ingestFiles(ingestCourses, FILES);
  expect(items.get('coursera-databases')).toMatchObject({
    title: 'SQL Databases',
    creators: ['Yale'],
    tags: {
      categories: ['Development', 'Databases'],
      skills: ['SQL', 'Python'],
      level: ['Advanced'],
      provider: ['Coursera'],
    },
    external: { coursera: 'databases' },
  });
  expect(items.get('coursera-20')?.tags).not.toHaveProperty('categories');
});

test('drops and counts repeated enrolments and those in unknown courses', async () => {
  const { interactions, report } = await ingestFiles(ingestCourses, FILES);
  expect(interactions).toEqual(['user,item,timestamp', '7,20,1506072964', '7,3,1506072965']);
  expect(report.files['coco_interactions.csv'].dropped).toMatchObject({
    'course is not in coco_courses.csv': { count: 1 },
    'second enrolment in the same course': { count: 1 },
  });
  expect(report.files['coursera_catalog.jsonl'].dropped).toMatchObject({ 'not in English': { count: 1 } });
  expect(report.figures).toMatchObject({ items: 5, interactions: 2, 'items with interactions': 2 });
});
