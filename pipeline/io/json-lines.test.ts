import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InkpickError } from '../../lib/contracts/errors';
import { folderOf } from '../../testing/folder';
import { type JsonLine, readJsonLines } from './json-lines';

async function readFrom(path: string): Promise<JsonLine[]> {
  const lines: JsonLine[] = [];
  const unreadable = (cause: unknown) => new InkpickError('NOT_FOUND', 'cannot read it', { cause });
  for await (const line of readJsonLines(path, unreadable)) lines.push(line);
  return lines;
}
const read = async (content: string | Uint8Array) => readFrom(join(await folderOf({ 'a.jsonl': content }), 'a.jsonl'));

describe('readJsonLines', () => {
  it('reads back any JSON values', async () => {
    const values = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.nat(), fc.dictionary(fc.string(), fc.string())),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(values, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (rows, ending, isEnded) => {
        const text = rows.map((row) => JSON.stringify(row)).join(ending) + (isEnded ? ending : '');
        const expected = rows.map((row, i) => ({ line: i + 1, value: JSON.parse(JSON.stringify(row)) }));
        expect(await read(text)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('does not end lines at Unicode line separators', async () => {
    expect(await read('{"a":"x\u2028y\u2029z\u0085"}\n1')).toEqual([
      { line: 1, value: { a: 'x\u2028y\u2029z\u0085' } },
      { line: 2, value: 1 },
    ]);
  });

  it('skips blank lines, which count, and a byte order mark', async () => {
    expect(await read('\ufeff1\r\n\r\n  \n2')).toEqual([
      { line: 1, value: 1 },
      { line: 4, value: 2 },
    ]);
    expect(await read('')).toEqual([]);
    expect(await read('\ufeff')).toEqual([]);
  });

  it('reports invalid lines, and continues', async () => {
    const latin1 = Buffer.concat([Buffer.from('1\n"caf'), Buffer.of(0xe9), Buffer.from('"\n{\n"\ufffd"\n')]);
    expect(await read(latin1)).toEqual([
      { line: 1, value: 1 },
      { line: 2, fault: 'not UTF-8' },
      { line: 3, fault: 'not JSON' },
      { line: 4, value: '\ufffd' },
    ]);
  });

  it('joins lines and characters that span several chunks', async () => {
    const rows = ['é'.repeat(70_000), 'x', '🎬'.repeat(50_000)];
    const lines = await read(rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(lines).toEqual(rows.map((value, i) => ({ line: i + 1, value })));
  });

  it.each(['gone.jsonl', '.'])('throws the caller’s error if this is not a file: %s', async (name) => {
    const reading = readFrom(join(await folderOf({}), name));
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND', message: 'cannot read it' }));
  });
});
