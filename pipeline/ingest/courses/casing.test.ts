import { expect, test } from 'vitest';
import { Casing } from './casing';

function learned(): Casing {
  const casing = new Casing();
  for (let time = 0; time < 3; time++) {
    casing.learn(
      'Learn how to use Python, write SQL and build apps for iOS with Spring Boot in a boot camp for marketing.',
    );
    casing.learn('Marketing is great, and you excel at Excel.');
  }
  return casing;
}

test('restores the capitals of names, and leaves other words unchanged', () => {
  expect(learned().title('learn python and sql for ios marketing')).toBe('Learn Python and SQL for iOS marketing');
});

test('a word that is only sometimes a name, or only part of one, stays in lower case', () => {
  expect(learned().title('spring boot camp excel')).toBe('Spring boot camp excel');
});

test('restores names that lost their punctuation', () => {
  expect(learned().title('asp net and node js with c sharp')).toBe('ASP.NET and Node.js with C#');
});
