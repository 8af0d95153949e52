import { expect, test } from 'vitest';
import { formatReport, IngestReport } from './ingest-report';

test('counts by file and reason, with a few examples', () => {
  const report = new IngestReport();
  report.read('films.csv', 5);
  for (const example of ['a', 'b', 'c', 'd']) report.dropped('films.csv', 'no title', example);
  report.repaired('films.csv', 'spaces');
  report.figure('items', 1);
  expect(report.toJSON()).toEqual({
    files: {
      'films.csv': {
        rows: 5,
        dropped: { 'no title': { count: 4, examples: ['a', 'b', 'c'] } },
        repaired: { spaces: { count: 1, examples: [] } },
      },
    },
    figures: { items: 1 },
  });
});

test('shortens long examples and accepts reasons named like methods', () => {
  const report = new IngestReport();
  report.dropped('f', 'constructor', 'x'.repeat(200));
  expect(report.toJSON().files.f.dropped.constructor).toEqual({ count: 1, examples: [`${'x'.repeat(79)}…`] });
});

test('the table has a line per file and reason, and the figures', () => {
  const report = new IngestReport();
  report.read('films.csv', 1234);
  report.dropped('films.csv', 'no title', 'row 7');
  report.repaired('films.csv', 'spaces', ' Alien');
  report.read('ratings.csv', 2);
  report.absent('plots.csv');
  report.figure('items', 1233);
  const lines = formatReport(report).split('\n');
  expect(lines).toHaveLength(7);
  expect(lines[1]).toMatch(/^films\.csv +1,234 +dropped +1 +no title +row 7$/);
  expect(lines[2]).toMatch(/^ +repaired +1 +spaces + Alien$/);
  expect(lines[3]).toMatch(/^ratings\.csv +2 +all kept$/);
  expect(lines[4]).toMatch(/^plots\.csv +0 +absent$/);
  expect(lines[6]).toBe('items  1,233');
});
