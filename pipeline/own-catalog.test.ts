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

/** docs/YOUR-OWN-CATALOG.md, taken at its word: what it shows is built as a reader would build it. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs the command line as a process of its own. */
const inkpick = (...args: string[]) => promisify(execFile)(process.execPath, [join(ROOT, 'bin/inkpick.mjs'), ...args]);

let text: string;
/** The named blocks of the document. */
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
  it('is built, verified and asked by the command line, and listed beside what is there', async () => {
    const artifacts = join(folder, 'artifacts', 'recipes');
    const { stderr } = await inkpick('build', folder, '--out', artifacts, '--threads', '1');
    expect(stderr).toMatch(/recipes: 12 items .* 8 cooks, /);
    expect(stderr).not.toContain('left out');
    expect(JSON.parse(await readFile(join(folder, 'artifacts', 'index.json'), 'utf8'))).toEqual({
      domains: ['recipes'],
    });

    const verified = await inkpick('verify', artifacts);
    expect(verified.stderr).toMatch(/^recipes: \d+ artifacts are whole\n$/);
    expect((await readdir(artifacts)).filter((name) => !/^\w+\.[0-9a-f]{8}\.bin$/.test(name))).toEqual([
      'manifest.json',
    ]);

    const histories = join(folder, 'histories.jsonl');
    const answered = await inkpick('recommend', artifacts, '--histories', histories, '--top-k', '3');
    const [ada, ben] = answered.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const items = (answer: { items: { item: string }[] }) => answer.items.map(({ item }) => item);
    expect(ada.id).toBe('ada');
    expect(items(ada)).toHaveLength(3);
    // Who likes dal and chana masala gets the other Indian dishes first.
    expect(['aloo', 'palak']).toContain(items(ada)[0]);
    expect(items(ben).toSorted()).toEqual(['miso', 'pesto', 'ramen']);
    expect(items(ben)[0]).toBe('pesto');
    expect(answered.stderr).toContain('2 lines answered, 0 unknown ids');
  });

  it('has bad rows that are told as the document says', async () => {
    const bad = await folderOf(example());
    await appendFile(join(bad, 'items.jsonl'), blocks.get('bad-items.jsonl')!);
    await appendFile(join(bad, 'interactions.csv'), blocks.get('bad-interactions.csv')!);
    const { problems } = await readDomainFolder(bad);
    expect(problems.sentences()).toEqual(blocks.get('problems')!.trim().split('\n'));
  });

  it('is refused as the document says where its columns are parted by semicolons', async () => {
    const semicolons = await folderOf({ ...example(), 'interactions.csv': 'user;item;value\nada;dal;5\n' });
    const built = inkpick('build', semicolons, '--out', join(folder, 'never', 'recipes'));
    const { code, stderr } = await built.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(code).toBe(1);
    const said = stderr.split('\n').find((line) => line.startsWith('inkpick: '));
    expect(said).toBeDefined();
    expect(text).toContain(said!.replace(semicolons, 'recipes'));
  });
});

it('the document names every setting, field and part that there is', () => {
  const schemas = [domainConfigSchema, fieldSchema, itemRowSchema];
  const missing = schemas.flatMap(({ shape }) => Object.keys(shape)).filter((key) => !text.includes(`| \`${key}\` |`));
  expect(missing).toEqual([]);
});
