import { expect, test } from 'vitest';
import { SkillVocabulary } from './skills';

test('names of two catalogs meet', () => {
  const values = [
    'Python (programming language)',
    'Python Programming',
    'Search engine optimization',
    'Search Engine Optimization (SEO)',
    'Search Engine Optimization (SEO)',
    'SEO',
    'Database',
    'Databases',
    'Databases',
    'HTML',
    'Hypertext Markup Language (HTML)',
    'IOS',
    'JQuery',
  ];
  const vocabulary = new SkillVocabulary(values);
  expect(new Set(vocabulary.names(values))).toEqual(
    new Set(['Python', 'Search Engine Optimization', 'Databases', 'HTML', 'iOS', 'jQuery']),
  );
});

test('languages that differ in a sign only stay apart', () => {
  const values = [
    'C (Programming Language)',
    'C++ (Programming Language)',
    'C# (Programming Language)',
    'C Sharp (programming language)',
  ];
  expect(new SkillVocabulary(values).names(values)).toEqual(['C', 'C++', 'C#']);
});

test('an acronym means what it is explained by most often', () => {
  const values = [
    'Assessment Information (AIX)',
    'Advanced Interactive Executive (AIX)',
    'Advanced Interactive Executive (AIX)',
    'AIX',
  ];
  const vocabulary = new SkillVocabulary(values);
  expect(vocabulary.name('AIX')).toBe('Advanced Interactive Executive');
  expect(vocabulary.name('Assessment Information (AIX)')).toBe('Assessment Information');
});

test('concepts that say nothing are left out', () => {
  expect(new SkillVocabulary(['Udemy']).name('Udemy')).toBeUndefined();
});
