import { expect, test } from 'vitest';
import { chooseInterests } from './choose-interests';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const options = { count: 3, mostOverlap: 0.5, mostShare: 0.6 };

test('the commonest first, leaving out the too broad and the too alike', () => {
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

test('ties are broken by the alphabet, not by the order given', () => {
  const candidates = [
    { value: 'b', items: [0] },
    { value: 'a', items: [1] },
  ];
  expect(chooseInterests(candidates, options)).toEqual(['a', 'b']);
  expect(chooseInterests([], options)).toEqual([]);
});
