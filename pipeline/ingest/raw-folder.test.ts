import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { IngestReport } from './ingest-report';
import { RawFolder } from './raw-folder';
import { rawFolder, temporaryFolder } from './testing';

const row = z.object({ id: z.coerce.number().int(), name: z.string() });

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of rows) all.push(one);
  return all;
}

test('reads gzipped CSV with quotes, and drops and counts invalid rows', async () => {
  const report = new IngestReport();
  const folder = await rawFolder({ 'a.csv.gz': 'id,name\n1,"Adam, ""Eve"""\nx,Cain\n3\n\n4,Abel\n' });
  const raw = await RawFolder.open(folder, ['a.csv.gz'], report);
  expect(await collect(raw.csv('a.csv.gz', row))).toEqual([
    { id: 1, name: 'Adam, "Eve"' },
    { id: 4, name: 'Abel' },
  ]);
  const file = report.toJSON().files['a.csv.gz'];
  expect(file.rows).toBe(4);
  expect(Object.values(file.dropped).reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

test('JSON lines may contain Unicode line separators, and lines that are not JSON are counted', async () => {
  const report = new IngestReport();
  const folder = await rawFolder({ 'a.jsonl.gz': '{"id":1,"name":"a\u2028b"}\r\n{"id":2\n\n{"id":3,"name":"c"}' });
  const raw = await RawFolder.open(folder, ['a.jsonl.gz'], report);
  expect((await collect(raw.jsonLines('a.jsonl.gz', row))).map(({ name }) => name)).toEqual(['a\u2028b', 'c']);
  expect(report.toJSON().files['a.jsonl.gz'].dropped['not JSON'].count).toBe(1);
});

test('rejects a file without a valid row', async () => {
  const folder = await rawFolder({ 'a.csv': 'number,word\n1,Adam\n2,Eve\n', 'empty.csv': 'id,name\n' });
  const raw = await RawFolder.open(folder, ['a.csv', 'empty.csv'], new IngestReport());
  await expect(collect(raw.csv('a.csv', row))).rejects.toThrow(/^a\.csv has no valid row; in the first row, id: /);
  expect(await collect(raw.csv('empty.csv', row))).toEqual([]);
});

test('names the missing folder or files', async () => {
  const nowhere = path.join(await temporaryFolder(), 'nowhere');
  await expect(RawFolder.open(nowhere, ['a.csv'], new IngestReport())).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `There is no folder ${nowhere}. It should hold a.csv.`,
  });
  const folder = await rawFolder({ 'a.csv': 'id\n' });
  await expect(RawFolder.open(folder, ['a.csv', 'b.csv'], new IngestReport())).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `b.csv should be in ${folder} but is not there.`,
  });
});

test('names a truncated file, read as CSV or as lines', async () => {
  const folder = await rawFolder({});
  const whole = gzipSync(`id,name\n${Array.from({ length: 20000 }, (_, id) => `${id},name ${id * 7919}\n`).join('')}`);
  await writeFile(path.join(folder, 'cut.csv.gz'), whole.subarray(0, whole.length / 2));
  expect(await readFile(path.join(folder, 'cut.csv.gz'))).not.toHaveLength(0);
  const raw = await RawFolder.open(folder, ['cut.csv.gz'], new IngestReport());
  await expect(collect(raw.csv('cut.csv.gz', row))).rejects.toThrow(/^cut\.csv\.gz cannot be read to its end: /);
  await expect(collect(raw.lines('cut.csv.gz'))).rejects.toThrow(/^cut\.csv\.gz cannot be read to its end: /);
});

test('looks for absent files in other folders, and prefers its own', async () => {
  const other = await rawFolder({ 'a.csv.gz': 'id,name\n1,other\n', 'b.csv.gz': 'id,name\n2,other\n' });
  const own = await rawFolder({ 'a.csv.gz': 'id,name\n1,own\n' });
  const raw = await RawFolder.open(own, ['a.csv'], new IngestReport(), ['b.csv'], [other]);
  expect(await collect(raw.csv('a.csv', row))).toEqual([{ id: 1, name: 'own' }]);
  expect(await collect(raw.csv('b.csv', row))).toEqual([{ id: 2, name: 'other' }]);
});
