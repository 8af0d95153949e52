import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentProgress } from '../io/progress';
import { IngestReport, ingest } from '.';
import { rawFolder, temporaryFolder } from './testing';

const run = (name: string, raw: string, out: string) =>
  ingest(name, { raw, out, report: new IngestReport(), progress: silentProgress });

test('rejects an unknown name and lists the known ones', async () => {
  for (const name of ['books', 'toString', '']) {
    await expect(run(name, '/', '/nowhere')).rejects.toMatchObject({
      code: 'DOMAIN_NOT_FOUND',
      message: expect.stringContaining('cinema, music, courses'),
    });
  }
});

test('names a missing folder or file before anything is written', async () => {
  const out = path.join(await temporaryFolder(), 'out');
  await expect(run('music', '/nowhere', out)).rejects.toThrow(
    'There is no folder /nowhere. It should hold song_hash.txt',
  );
  await expect(run('courses', await rawFolder({ 'coco_courses.csv.gz': '' }), out)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('coco_interactions.csv, coursera_catalog.jsonl should be in'),
  });
  await expect(readdir(out)).rejects.toThrow();
});

test('a second run writes the same bytes', async () => {
  const raw = await rawFolder({
    'song_hash.txt.gz': '0 \tAngie (w\\/ Bob & Eve)\tThe Stones\n1 \tAngie\tStones\n2 \tRuby\tStones\n',
    'tags.txt.gz': '0 1\n1\n#\n',
    'tag_hash.txt': '0, rock\n1, sad\n',
    'train.txt.gz': '0\n0\n1 2 0 \n2 \n',
  });
  const folders = [await temporaryFolder(), await temporaryFolder()];
  for (const out of folders) await run('music', raw, out);
  const names = await readdir(folders[0]);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const [first, second] = await Promise.all(folders.map((folder) => readFile(path.join(folder, name), 'utf8')));
    expect(second, name).toBe(first);
  }
});
