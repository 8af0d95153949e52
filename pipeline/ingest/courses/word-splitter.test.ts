import { expect, test } from 'vitest';
import { WordSplitter } from './word-splitter';

function learned(): WordSplitter {
  const splitter = new WordSplitter();
  for (let time = 0; time < 5; time++) {
    splitter.learn('How to control anger. Learn how to make money from home with Excel. An art: to get her.');
  }
  for (let time = 0; time < 9; time++) splitter.learn('together');
  return splitter;
}

test('splits words and numbers', () => {
  expect(learned().split('howtocontrolanger')).toEqual(['how', 'to', 'control', 'anger']);
  expect(learned().split('learnexcel2016')).toEqual(['learn', 'excel', '2016']);
});

test('leaves known words, and compounds that it cannot split', () => {
  expect(learned().split('together')).toEqual(['together']);
  expect(learned().split('derkomplettekurs')).toEqual(['derkomplettekurs']);
  expect(learned().split('')).toEqual([]);
});
