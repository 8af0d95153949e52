import { expect, test } from 'vitest';
import { SkillVocabulary } from './skills';

test('gives skills of two catalogs the same name', () => {
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

test('keeps languages apart that differ only in a sign', () => {
  const values = [
    'C (Programming Language)',
    'C++ (Programming Language)',
    'C# (Programming Language)',
    'C Sharp (programming language)',
  ];
  expect(new SkillVocabulary(values).names(values)).toEqual(['C', 'C++', 'C#']);
});

test('an acronym gets its most frequent explanation', () => {
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

test('leaves out concepts without meaning', () => {
  expect(new SkillVocabulary(['Udemy']).name('Udemy')).toBeUndefined();
});
