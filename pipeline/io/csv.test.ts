import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, readCsv } from './csv';

/** Reads the rows of a text in chunks of the given size. */
async function rowsOf(text: string | Buffer, chunkBytes = 1 << 16): Promise<CsvRow[]> {
  const bytes = Buffer.from(text as string);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const rows: CsvRow[] = [];
  for await (const batch of readCsv(chunks(), 'a.csv')) rows.push(...batch);
  return rows;
}
const cells = (rows: CsvRow[]) => rows.map((row) => ('cells' in row ? row.cells : row.fault));

describe('readCsv', () => {
  it('returns the same as csv-parse, for any chunk size', async () => {
    const cell = fc.oneof(
      fc.stringMatching(/^[a-z é🎬]{0,5}$/u),
      fc.stringMatching(/^[a-z",\r\n]{0,8}$/).map((text) => `"${text.replaceAll('"', '""')}"`),
    );
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\ufeff'),
        fc.integer({ min: 2, max: 40 }),
        async (table, ending, mark, chunkBytes) => {
          const text = mark + table.map((row) => row.join(',') + ending).join('');
          const expected: string[][] = parse(text, {
            bom: true,
            trim: true,
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\n', '\r\n'],
          });
          // Line breaks inside cells become LF.
          const unix = expected.map((row) => row.map((value) => value.replaceAll('\r\n', '\n')));
          expect(cells(await rowsOf(text, chunkBytes)).map(String)).toEqual(unix.map(String));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('numbers rows by their first line, and counts blank lines', async () => {
    expect(await rowsOf('a,b\n\n"1\n2",3\n4,5')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1\n2', '3'] },
      { line: 5, cells: ['4', '5'] },
    ]);
    expect(await rowsOf('')).toEqual([]);
  });

  it('loses only one row to a misplaced or unclosed quote, for any chunk size', async () => {
    const text = 'a,b\n1,"2\n3,4\n"5","6"\n7"8,9\n10,"11"12\n13,14\n';
    for (const chunkBytes of [1, 3, 7, 1000].map((size) => size + 1)) {
      expect(cells(await rowsOf(text, chunkBytes))).toEqual([
        ['a', 'b'],
        'not CSV (a quote is out of place, or never closed)',
        ['3', '4'],
        ['5', '6'],
        'not CSV (a quote is out of place, or never closed)',
        'not CSV (a quote is out of place, or never closed)',
        ['13', '14'],
      ]);
    }
    const lines = Array.from({ length: 3000 }, (_, i) => `${i},x\n`).join('');
    expect(cells(await rowsOf(`"a,b\n${lines}`))).toEqual([
      'not CSV (a quote is out of place, or never closed)',
      ...Array.from({ length: 3000 }, (_, i) => [String(i), 'x']),
    ]);
    expect(cells(await rowsOf('1,2\n3,"4'))).toEqual([
      ['1', '2'],
      'not CSV (a quote is out of place, or never closed)',
    ]);
  });

  it('reports lines that are not UTF-8 or too long, and continues', async () => {
    const text = Buffer.concat([
      Buffer.from('a,b\n'),
      Buffer.from('é,1\n', 'latin1'),
      Buffer.from('x'.repeat(16_500_000)),
      Buffer.from('\nc,"d\n'),
      Buffer.from('é"\ne,f\n', 'latin1'),
    ]);
    expect(await rowsOf(text)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: 'not UTF-8' },
      { line: 3, fault: 'longer than 16 MB' },
      { line: 4, fault: 'not CSV (a quote is out of place, or never closed)' },
      { line: 5, fault: 'not UTF-8' },
      { line: 6, cells: ['e', 'f'] },
    ]);
  });
});
