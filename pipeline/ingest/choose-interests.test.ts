import { expect, test } from 'vitest';
import { chooseInterests } from './choose-interests';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const options = { count: 3, maxOverlap: 0.5, maxShare: 0.6 };

test('chooses the most frequent values, without those that are too broad or too similar', () => {
  const candidates = [
    { value: 'music', items: range(0, 90) },
    { value: 'rock', items: range(0, 40) },
    { value: 'hard rock', items: range(0, 30) },
    { value: 'jazz', items: range(35, 60) },
    { value: 'latin', items: range(60, 80) },
    { value: 'folk', items: range(80, 90) },
  ];
  expect(chooseInterests(candidates, options)).toEqual(['rock', 'jazz', 'latin']);
});

test('breaks ties alphabetically, not by the given order', () => {
  const candidates = [
    { value: 'b', items: [0] },
    { value: 'a', items: [1] },
  ];
  expect(chooseInterests(candidates, options)).toEqual(['a', 'b']);
  expect(chooseInterests([], options)).toEqual([]);
});
