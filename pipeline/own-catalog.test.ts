import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainConfigSchema, fieldSchema, itemRowSchema } from '../lib/contracts/domain-folder';
import { folderOf } from '../testing/folder';
import { readDomainFolder } from './domain-folder/read';

/** Tests docs/YOUR-OWN-CATALOG.md: builds its example as a reader would. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs the command line in a separate process. */
const inkpick = (...args: string[]) => promisify(execFile)(process.execPath, [join(ROOT, 'bin/inkpick.mjs'), ...args]);

let text: string;
/** The code blocks of the document that have a file name. */
let blocks: Map<string, string>;
let folder: string;

/** The three files of the example. */
const example = () =>
  Object.fromEntries(['domain.json', 'items.jsonl', 'interactions.csv'].map((name) => [name, blocks.get(name)!]));

beforeAll(async () => {
  text = await readFile(join(ROOT, 'docs/YOUR-OWN-CATALOG.md'), 'utf8');
  blocks = new Map([...text.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name, block]) => [name, block]));
  folder = await mkdtemp(join(tmpdir(), 'inkpick-own-'));
  for (const [name, block] of blocks) await writeFile(join(folder, name), block);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the example of the document', () => {
  it('can be built, verified and used by the command line, and is listed in index.json', async () => {
    const artifacts = join(folder, 'artifacts', 'recipes');
    const { stderr } = await inkpick('build', folder, '--out', artifacts, '--threads', '1');
    expect(stderr).toMatch(/recipes: 12 items .* 8 cooks, /);
    expect(stderr).not.toContain('left out');
    expect(JSON.parse(await readFile(join(folder, 'artifacts', 'index.json'), 'utf8'))).toEqual({
      domains: ['recipes'],
    });

    const verified = await inkpick('verify', artifacts);
    expect(verified.stderr).toMatch(/^recipes: \d+ artifacts are valid\n$/);
    expect((await readdir(artifacts)).filter((name) => !/^\w+\.[0-9a-f]{8}\.bin$/.test(name))).toEqual([
      'manifest.json',
    ]);

    const histories = join(folder, 'histories.jsonl');
    const recommended = await inkpick('recommend', artifacts, '--histories', histories, '--top-k', '3');
    const [ada, ben] = recommended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const items = (line: { items: { item: string }[] }) => line.items.map(({ item }) => item);
    expect(ada.id).toBe('ada');
    expect(items(ada)).toHaveLength(3);
    // A user who likes dal and chana masala gets the other Indian dishes first.
    expect(['aloo', 'palak']).toContain(items(ada)[0]);
    expect(items(ben).toSorted()).toEqual(['miso', 'pesto', 'ramen']);
    expect(items(ben)[0]).toBe('pesto');
    expect(recommended.stderr).toContain('2 lines, 0 of them invalid; 0 unknown ids were ignored');
  });

  it('reports invalid rows as the document says', async () => {
    const bad = await folderOf(example());
    await appendFile(join(bad, 'items.jsonl'), blocks.get('bad-items.jsonl')!);
    await appendFile(join(bad, 'interactions.csv'), blocks.get('bad-interactions.csv')!);
    const { problems } = await readDomainFolder(bad);
    expect(problems.sentences()).toEqual(blocks.get('problems')!.trim().split('\n'));
  });

  it('is rejected as the document says if its columns are separated by semicolons', async () => {
    const semicolons = await folderOf({ ...example(), 'interactions.csv': 'user;item;value\nada;dal;5\n' });
    const built = inkpick('build', semicolons, '--out', join(folder, 'never', 'recipes'));
    const { code, stderr } = await built.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(code).toBe(1);
    const message = stderr.split('\n').find((line) => line.startsWith('inkpick: '));
    expect(message).toBeDefined();
    expect(text).toContain(message!.replace(semicolons, 'recipes'));
  });
});

it('the document lists every setting, field and part', () => {
  const schemas = [domainConfigSchema, fieldSchema, itemRowSchema];
  const missing = schemas.flatMap(({ shape }) => Object.keys(shape)).filter((key) => !text.includes(`| \`${key}\` |`));
  expect(missing).toEqual([]);
});
