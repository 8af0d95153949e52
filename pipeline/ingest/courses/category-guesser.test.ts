import { expect, test } from 'vitest';
import { CategoryGuesser } from './category-guesser';

const known = [
  ...['Python', 'Python programming for data', 'Learn Python scripting'].map((title) => ({
    title,
    skills: ['Python'],
    categories: ['Development', 'Programming languages'],
  })),
  { title: 'React and JavaScript', skills: ['JavaScript'], categories: ['Development', 'Web development'] },
  { title: 'Piano chords', skills: ['Piano'], categories: ['Music', 'Instruments'] },
  { title: 'Piano for everybody', skills: ['Piano', 'Music'], categories: ['Music', 'Instruments'] },
  { title: 'Sing', skills: [], categories: ['Music'] },
];

test('guesses both levels if the neighbours agree', () => {
  const guesser = new CategoryGuesser(known);
  expect(guesser.guess({ title: 'Advanced Python scripting', skills: ['Python'] })).toEqual([
    'Development',
    'Programming languages',
  ]);
  expect(guesser.guess({ title: 'Jazz piano', skills: ['Piano'] })).toEqual(['Music', 'Instruments']);
});

test('guesses nothing without similar courses, or if the neighbours disagree', () => {
  const guesser = new CategoryGuesser(known);
  expect(guesser.guess({ title: 'Epidemiology', skills: ['Public Health'] })).toEqual([]);
  expect(guesser.guess({ title: '', skills: [] })).toEqual([]);
  const split = new CategoryGuesser([
    { title: 'Excel', skills: [], categories: ['Business'] },
    { title: 'Excel', skills: [], categories: ['Office productivity'] },
  ]);
  expect(split.guess({ title: 'Excel', skills: [] })).toEqual([]);
});
