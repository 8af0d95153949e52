import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InkpickError } from '../../lib/contracts/errors';
import { folderOf } from '../testing/folder';
import { readDomainFolder } from './read';

const config = {
  id: 'books',
  label: 'Books',
  item: { one: 'book', many: 'books' },
  fields: [{ name: 'genres', kind: 'tags', weight: 1 }],
};
const good = {
  'domain.json': JSON.stringify(config),
  'items.jsonl': '{"id":"a","title":"Anna"}\n{"id":"b","title":"Bé"}\n',
  'interactions.csv': 'user,item,value,timestamp\nu1,a,4.5,1700000000\nu2,b,1,\n',
};
const read = async (changes: Record<string, string | Uint8Array> = {}) =>
  readDomainFolder(await folderOf({ ...good, ...changes }));
const sentences = async (changes: Record<string, string | Uint8Array>) => (await read(changes)).problems.sentences();

describe('a domain folder', () => {
  it('has a field for whatever its items hold where it names none', async () => {
    const { config: found } = await read({
      'domain.json': '{"id":"books","label":"Books"}',
      'items.jsonl': '{"id":"a","title":"Anna","tags":{"genres":["Drama"]},"text":{"blurb":"…"},"numbers":{"pages":9}}',
    });
    expect(found.item).toEqual({ one: 'item', many: 'items' });
    expect(found.fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'genres tags',
      'creators tags',
      'title text',
      'blurb text',
      'year number',
      'pages number',
    ]);
  });

  it('is read into columns', async () => {
    const { config: read_, items, interactions, problems } = await read();
    expect(read_).toMatchObject({
      ...config,
      verb: 'choose',
      users: 'users',
      links: {},
      minItemInteractions: 1,
      minUserInteractions: 1,
    });
    expect(items).toEqual([
      { id: 'a', title: 'Anna' },
      { id: 'b', title: 'Bé' },
    ]);
    expect(interactions).toEqual({
      userIds: ['u1', 'u2'],
      users: Uint32Array.of(0, 1),
      items: Uint32Array.of(0, 1),
      values: Float32Array.of(4.5, 1),
      timestamps: Float64Array.of(1700000000, Number.NaN),
    });
    expect(problems.sentences()).toEqual([]);
  });

  it('may have columns in any order, others besides, quotes, CRLF and byte order marks', async () => {
    const { items, interactions } = await read({
      'domain.json': `\ufeff${good['domain.json']}`,
      'items.jsonl': `\ufeff${good['items.jsonl'].replaceAll('\n', '\r\n')}`,
      'interactions.csv': '\ufeffnote, item ,user\r\nx,a,"u,1"\r\n"two\r\nlines",b,"u ""2"""\r\n',
    });
    expect(items.map(({ title }) => title)).toEqual(['Anna', 'Bé']);
    expect(interactions.userIds).toEqual(['u,1', 'u "2"']);
    expect([...interactions.values]).toEqual([Number.NaN, Number.NaN]);
  });

  it('may be without interactions', async () => {
    expect((await read({ 'interactions.csv': 'user,item\n' })).interactions.userIds).toEqual([]);
  });
});

describe('bad rows are left out and counted by reason and line', () => {
  it.each<[string, string, string]>([
    [
      'a second row of the same id',
      '{"id":"a","title":"Other"}',
      'items.jsonl: id stands twice, the first row is kept',
    ],
    ['no JSON', '{"id":"c","title":', 'items.jsonl: not JSON'],
    ['no title', '{"id":"c"}', 'items.jsonl: title: '],
    ['an empty title', '{"id":"c","title":""}', 'items.jsonl: title: '],
    ['a number for an id', '{"id":3,"title":"C"}', 'items.jsonl: id: '],
    ['no object', '"c"', 'items.jsonl: the whole: '],
    ['a year beyond reason', '{"id":"c","title":"C","year":20000}', 'items.jsonl: year: '],
    ['a tag that is no text', '{"id":"c","title":"C","tags":{"genres":[1]}}', 'items.jsonl: tags.genres.0: '],
  ])('%s', async (_, row, reason) => {
    const { items, problems } = await read({
      'items.jsonl': `${good['items.jsonl']}\n${row}\n{"id":"z","title":"Last"}`,
    });
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'z']);
    expect(items[0].title).toBe('Anna');
    expect(problems.sentences()).toEqual([expect.stringMatching(`^1 × ${reason}.*\\(line 4\\)$`)]);
  });

  it('text in another encoding', async () => {
    const latin1 = Buffer.concat([
      Buffer.from(`${good['items.jsonl']}{"id":"c","title":"Caf`),
      Buffer.of(0xe9),
      Buffer.from('"}\n'),
    ]);
    expect(await sentences({ 'items.jsonl': latin1 })).toEqual(['1 × items.jsonl: not UTF-8 (line 3)']);
  });

  it.each<[string, string, string]>([
    ['an item that is not there', 'u1,nope,3,', '1 × interactions.csv: item is not in items.jsonl (line 4)'],
    ['a value that is no number', 'u1,a,good,', '1 × interactions.csv: value is not a number (line 4)'],
    ['a value without end', 'u1,a,Infinity,', '1 × interactions.csv: value is not a number (line 4)'],
    ['no user', ',a,3,', '1 × interactions.csv: no user (line 4)'],
    ['a line cut short', 'u1', '1 × interactions.csv: item is not in items.jsonl (line 4)'],
  ])('%s', async (_, row, sentence) => {
    const { interactions, problems } = await read({
      'interactions.csv': `${good['interactions.csv']}${row}\nu3,a,5,\n`,
    });
    expect(interactions.userIds).toEqual(['u1', 'u2', 'u3']);
    expect(interactions.users).toHaveLength(3);
    expect(problems.sentences()).toEqual([sentence]);
  });

  it('the first line of interactions too', async () => {
    expect(await sentences({ 'interactions.csv': 'user,item\nu1\nu1,a\n' })).toEqual([
      '1 × interactions.csv: item is not in items.jsonl (line 2)',
    ]);
  });

  it('names the first five lines of each reason', async () => {
    const rows = Array.from({ length: 7 }, () => 'oops').join('\n');
    expect(await sentences({ 'items.jsonl': `${rows}\n${good['items.jsonl']}` })).toEqual([
      '7 × items.jsonl: not JSON (line 1, 2, 3, 4, 5, …)',
    ]);
  });
});

describe('a folder that cannot be used is refused in one sentence', () => {
  const refused = async (reading: Promise<unknown>, code: string, message: RegExp) => {
    const error: InkpickError = await reading.then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toMatchObject({ name: 'InkpickError', code, message: expect.stringMatching(message) });
    expect(error.message).not.toContain('\n');
  };

  it.each(['domain.json', 'items.jsonl', 'interactions.csv'])('without %s', async (name) => {
    const folder = await folderOf(good);
    await rm(join(folder, name));
    await refused(
      readDomainFolder(folder),
      'NOT_FOUND',
      new RegExp(`^cannot read .*${name}: a domain folder holds domain.json, items.jsonl and interactions.csv$`),
    );
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['with a domain.json that is not JSON', { 'domain.json': '{' }, /domain\.json is not JSON: /],
    [
      'with a domain.json that breaks its schema',
      { 'domain.json': JSON.stringify({ ...config, id: 'My Books' }) },
      /domain\.json: id: lower-case letters/,
    ],
    ['with no item', { 'items.jsonl': '\n\n' }, /items\.jsonl holds no usable item \(it is empty\)$/],
    [
      'with no usable item',
      { 'items.jsonl': 'x\ny\n' },
      /items\.jsonl holds no usable item \(2 × items\.jsonl: not JSON \(line 1, 2\)\)$/,
    ],
    [
      'with interactions whose columns have no names',
      { 'interactions.csv': 'u1,a,5\nu2,b,3\n' },
      /interactions\.csv: the first line must name the columns: user,item/,
    ],
    [
      'with interactions parted by semicolons',
      { 'interactions.csv': 'user;item\nu1;a\n' },
      /interactions\.csv: the first line must name the columns/,
    ],
    [
      'with an empty interactions.csv',
      { 'interactions.csv': '' },
      /interactions\.csv: the first line must name the columns/,
    ],
    [
      'with a quote that is never closed',
      { 'interactions.csv': 'user,item\nu1,"a\nu2,b\n' },
      /interactions\.csv is not CSV: .*line/,
    ],
  ])('%s', async (_, changes, message) => {
    await refused(read(changes), 'INVALID_REQUEST', message);
  });
});
