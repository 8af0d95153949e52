import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DomainFolderWriter } from './write';

const config = {
  id: 'books',
  label: 'Books',
  item: { one: 'book', many: 'books' },
  fields: [{ name: 'genres', kind: 'tags' as const, weight: 1 }],
};
const report = { toJSON: () => ({ files: {} }) };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inkpick-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('writes the four files, and the configuration with its defaults', async () => {
  const writer = await DomainFolderWriter.open(folder, config, { value: true, timestamp: true });
  await writer.item({ id: 'a,1', title: 'Middlemarch', tags: { genres: ['novel'] } });
  await writer.interaction('reader "7"', 'a,1', 4.5, 100);
  await writer.interaction('8', 'a,1');
  await writer.close(report);

  expect((await readdir(folder)).sort()).toEqual(['domain.json', 'interactions.csv', 'items.jsonl', 'report.json']);
  expect(await readFile(path.join(folder, 'interactions.csv'), 'utf8')).toBe(
    'user,item,value,timestamp\n"reader ""7""","a,1",4.5,100\n8,"a,1",,\n',
  );
  expect(await readFile(path.join(folder, 'items.jsonl'), 'utf8')).toBe(
    '{"id":"a,1","title":"Middlemarch","tags":{"genres":["novel"]}}\n',
  );
  const written = JSON.parse(await readFile(path.join(folder, 'domain.json'), 'utf8'));
  expect(written).toMatchObject({ id: 'books', verb: 'choose', minItemInteractions: 1 });
});

test('leaves out columns that a domain does not have', async () => {
  const writer = await DomainFolderWriter.open(folder, config, { value: false, timestamp: false });
  await writer.item({ id: '1', title: 'Emma' });
  await writer.interaction('u', '1');
  await writer.close(report);
  expect(await readFile(path.join(folder, 'interactions.csv'), 'utf8')).toBe('user,item\nu,1\n');
});

test('writes many rows completely and in order', async () => {
  const writer = await DomainFolderWriter.open(folder, config, { value: false, timestamp: false });
  for (let id = 0; id < 5000; id++) await writer.item({ id: String(id), title: 'x'.repeat(50) });
  await writer.close(report);
  const lines = (await readFile(path.join(folder, 'items.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(Array.from({ length: 5000 }, (_, id) => String(id)));
});

test('rejects a second item with the same id, an unknown item and a row without a title', async () => {
  const writer = await DomainFolderWriter.open(folder, config, { value: false, timestamp: false });
  await writer.item({ id: '1', title: 'Emma' });
  await expect(writer.item({ id: '1', title: 'Persuasion' })).rejects.toThrow('Two items have the id "1"');
  await expect(writer.interaction('u', '2')).rejects.toThrow('the item "2", which has not been written');
  await expect(writer.item({ id: '3', title: '' })).rejects.toThrow();
  await writer.abandon();
});

test('an abandoned run does not change an earlier domain', async () => {
  const first = await DomainFolderWriter.open(folder, config, { value: false, timestamp: false });
  await first.item({ id: '1', title: 'Emma' });
  await first.close(report);
  const second = await DomainFolderWriter.open(folder, config, { value: false, timestamp: false });
  await second.item({ id: '2', title: 'Persuasion' });
  await second.abandon();
  expect(await readFile(path.join(folder, 'items.jsonl'), 'utf8')).toContain('Emma');
  expect(await readdir(folder)).toHaveLength(4);
});

test('reports a folder that cannot be written as an error', async () => {
  const writer = await DomainFolderWriter.open(path.join(folder, 'new'), config, { value: false, timestamp: false });
  await rm(path.join(folder, 'new'), { recursive: true });
  await expect(
    (async () => {
      await writer.item({ id: '1', title: 'Emma' });
      await writer.close(report);
    })(),
  ).rejects.toThrow();
});
