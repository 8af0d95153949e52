import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InkpickError } from '../../lib/contracts/errors';
import { folderOf } from '../../testing/folder';
import { readDomainFolder } from './read';

const config = {
  id: 'books',
  label: 'Books',
  item: { one: 'book', many: 'books' },
  fields: [{ name: 'genres', kind: 'tags', weight: 1 }],
};
const good = {
  'domain.json': JSON.stringify(config),
  'items.jsonl': '{"id":"a","title":"Anna","tags":{"genres":["Drama"]}}\n{"id":"b","title":"Bé"}\n',
  'interactions.csv': 'user,item,value,timestamp\nu1,a,4.5,1700000000\nu2,b,1,\n',
};
const read = async (changes: Record<string, string | Uint8Array> = {}) =>
  readDomainFolder(await folderOf({ ...good, ...changes }));
const sentences = async (changes: Record<string, string | Uint8Array>) => (await read(changes)).problems.sentences();

describe('readDomainFolder', () => {
  it('derives the fields from the items if domain.json names none', async () => {
    const { config: found } = await read({
      'domain.json': '{"id":"books","label":"Books"}',
      'items.jsonl':
        '{"id":"a","title":"Anna","year":1877,"tags":{"genres":["Drama"]},"text":{"blurb":"…"},"numbers":{"pages":9}}',
    });
    expect(found.item).toEqual({ one: 'item', many: 'items' });
    expect(found.fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'genres tags',
      'title text',
      'blurb text',
      'year number',
      'pages number',
    ]);
  });

  it('reads judged pairs, and leaves out those of unknown items', async () => {
    expect((await read()).related).toEqual([]);
    const { related, problems } = await read({ 'related.csv': 'recommended,seed\nb,a\nzz,a\na,b\n' });
    expect(related).toEqual([
      { seed: 0, recommended: 1 },
      { seed: 1, recommended: 0 },
    ]);
    expect(problems.sentences().join()).toMatch(/related\.csv.*one of its items is not in items\.jsonl/);
    await expect(read({ 'related.csv': 'a,b\n' })).rejects.toThrow('its first line must be seed,recommended');
  });

  it('reads how well known and how well liked an item is', async () => {
    const { items, problems } = await read({
      'items.jsonl': '{"id":"a","title":"A","popularity":52498,"rating":4.3}\n{"id":"b","title":"B","popularity":-1}\n',
      'interactions.csv': 'user,item\nu1,a\n',
    });
    expect(items).toEqual([
      { id: 'a', title: 'A', popularity: 52498, rating: 4.3 },
      { id: 'b', title: 'B' },
    ]);
    expect(problems.sentences()).toEqual(
      expect.arrayContaining([expect.stringMatching(/1 row kept without "popularity": .*\(line 2\)$/)]),
    );
  });

  it('reads interactions into columns', async () => {
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
      { id: 'a', title: 'Anna', tags: { genres: ['Drama'] } },
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

  it('accepts columns in any order, other columns, quotes, CRLF and byte order marks', async () => {
    const { items, interactions } = await read({
      'domain.json': `\ufeff${good['domain.json']}`,
      'items.jsonl': `\ufeff${good['items.jsonl'].replaceAll('\n', '\r\n')}`,
      'interactions.csv': '\ufeffnote, item ,user\r\nx,a,"u,1"\r\n"two\r\nlines",b,"u ""2"""\r\n',
    });
    expect(items.map(({ title }) => title)).toEqual(['Anna', 'Bé']);
    expect(interactions.userIds).toEqual(['u,1', 'u "2"']);
    expect([...interactions.values]).toEqual([Number.NaN, Number.NaN]);
  });

  it('accepts a folder without interactions', async () => {
    expect((await read({ 'interactions.csv': 'user,item\n' })).interactions.userIds).toEqual([]);
  });
});

describe('invalid rows are left out and counted by reason and line', () => {
  it.each<[string, string, string]>([
    ['a second row of the same id', '{"id":"a","title":"Other"}', 'an earlier row has the same id'],
    ['the same id with white space around it', '{"id":" a ","title":"Other"}', 'an earlier row has the same id'],
    ['no JSON', '{"id":"c","title":', 'not JSON'],
    ['a NUL byte', '{"id":"c","title":"C\0"}', 'not JSON'],
    ['no title', '{"id":"c"}', 'title: must be text'],
    ['an empty title', '{"id":"c","title":""}', 'title: must not be empty'],
    ['a title of white space', '{"id":"c","title":" \\t"}', 'title: must not be empty'],
    ['an empty id', '{"id":"","title":"C"}', 'id: must not be empty'],
    ['an id that is neither text nor a whole number', '{"id":1.5,"title":"C"}', 'id: must be text, as "318"'],
    ['no object', '"c"', 'the whole: '],
    ['a line that is too long', `{"id":"c","title":"${'C'.repeat(17e6)}"}`, 'longer than 16 MB'],
  ])('%s', async (_, row, reason) => {
    const { items, problems } = await read({
      'items.jsonl': `${good['items.jsonl']}\n${row}\n{"id":"z","title":"Last"}`,
    });
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'z']);
    expect(items[0].title).toBe('Anna');
    expect(problems.sentences()).toEqual([expect.stringMatching(/^items\.jsonl: 1 row left out: .* \(line 4\)$/)]);
    expect(problems.sentences()[0]).toContain(`left out: ${reason}`);
  });

  it('text in another encoding', async () => {
    const latin1 = (text: string) => Buffer.from(text, 'latin1');
    const items = Buffer.concat([Buffer.from(good['items.jsonl']), latin1('{"id":"c","title":"Café"}\n')]);
    expect(await sentences({ 'items.jsonl': items })).toEqual(['items.jsonl: 1 row left out: not UTF-8 (line 3)']);
    const interactions = latin1('user,item\nu1,a\nZoë,a\nu2,b\n');
    expect(await sentences({ 'interactions.csv': interactions })).toEqual([
      'interactions.csv: 1 row left out: not UTF-8 (line 3)',
    ]);
  });

  it.each<[string, string, string]>([
    ['an unknown item', 'u1,nope,3,', 'left out: its item is not in items.jsonl'],
    ['a NUL byte in the item', 'u1,a\0,3,', 'left out: its item is not in items.jsonl'],
    ['a value that is not a number', 'u1,a,good,', 'left out: its value is not a number'],
    ['an infinite value', 'u1,a,Infinity,', 'left out: its value is not a number'],
    ['a decimal comma', 'u1,a,4,5,1700000000', 'left out: it has more than 4 cells'],
    ['no user', ',a,3,', 'left out: no user'],
    ['no item', 'u1,,3,', 'left out: no item'],
    ['a truncated line', 'u1', 'left out: no item'],
    ['a quote inside a cell', 'u1,5" disc,3,', 'left out: not CSV (a quote is out of place, or never closed)'],
    ['a quote that is never closed', 'u1,"a,3,', 'left out: not CSV (a quote is out of place, or never closed)'],
    ['a line that is too long', `u1,${'a'.repeat(17e6)},3,`, 'left out: longer than 16 MB'],
  ])('%s', async (_, row, what) => {
    const { interactions, problems } = await read({
      'interactions.csv': `${good['interactions.csv']}${row}\nu3,a,5,\n"u4",a,5,\n`,
    });
    expect(interactions.userIds).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect(interactions.users).toHaveLength(4);
    expect(problems.sentences()).toEqual([`interactions.csv: 1 row ${what} (line 4)`]);
  });

  it('the first line of interactions too', async () => {
    expect(await sentences({ 'interactions.csv': 'user,item\nu1\nu1,a\n' })).toEqual([
      'interactions.csv: 1 row left out: no item (line 2)',
    ]);
  });

  it('lists the first five line numbers per reason', async () => {
    const rows = Array.from({ length: 7 }, () => 'oops').join('\n');
    expect(await sentences({ 'items.jsonl': `${rows}\n${good['items.jsonl']}` })).toEqual([
      'items.jsonl: 7 rows left out: not JSON (lines 1, 2, 3, 4, 5, …)',
    ]);
  });
});

describe('these are kept', () => {
  it('a number as an id', async () => {
    const { items, interactions } = await read({
      'items.jsonl': '{"id":318,"title":"Shawshank","tags":{"genres":["Drama"]}}',
      'interactions.csv': 'user,item\nu1,318\n',
    });
    expect(items[0].id).toBe('318');
    expect(interactions.items).toHaveLength(1);
  });

  it.each(['yesterday', '2024-01-31T12:00:00Z', '1700000000000'])('a row whose timestamp is %s', async (timestamp) => {
    const { interactions, problems } = await read({ 'interactions.csv': `user,item,timestamp\nu1,a,${timestamp}\n` });
    expect(interactions.timestamps).toEqual(Float64Array.of(Number.NaN));
    expect(problems.sentences()).toEqual([
      'interactions.csv: 1 row kept without its timestamp, which is not a number of seconds since 1970 (line 2)',
    ]);
  });

  it('rows with missing cells at the end, and with empty extra cells', async () => {
    const { interactions, problems } = await read({ 'interactions.csv': 'user,item,value\nu1,a\nu2,b,5,,\n' });
    expect(interactions.values).toEqual(Float32Array.of(Number.NaN, 5));
    expect(problems.sentences()).toEqual([]);
  });

  it('an item with an unknown key', async () => {
    const { items, problems } = await read({ 'items.jsonl': '{"id":"a","title":"Anna","genres":["Drama"]}' });
    expect(items).toEqual([{ id: 'a', title: 'Anna' }]);
    expect(problems.sentences()).toContain(
      'items.jsonl: 1 row kept without "genres", which belongs in tags, text, numbers or external (line 1)',
    );
  });

  it('a domain.json with an unknown setting or a field without values', async () => {
    const fields = [...config.fields, { name: 'actors', kind: 'tags', weight: 1 }];
    expect(await sentences({ 'domain.json': JSON.stringify({ ...config, positive_above: 3, fields }) })).toEqual([
      'domain.json: positive_above: unknown setting, ignored (see docs/YOUR-OWN-CATALOG.md)',
      'domain.json: no item has actors (tags); items have genres (tags), title (text)',
    ]);
  });
});

describe('an unusable folder is rejected with one sentence', () => {
  const expectRejection = async (reading: Promise<unknown>, code: string, message: RegExp) => {
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
    await expectRejection(
      readDomainFolder(folder),
      'NOT_FOUND',
      new RegExp(`^cannot read .*${name}: a domain folder contains domain.json, items.jsonl and interactions.csv$`),
    );
  });

  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ['with a domain.json that is not JSON', { 'domain.json': '{' }, /domain\.json is not JSON: /],
    [
      'with a domain.json that breaks its schema',
      { 'domain.json': JSON.stringify({ ...config, id: 'My Books' }) },
      /domain\.json: id: lower-case letters/,
    ],
    ['with no item', { 'items.jsonl': '\n\n' }, /items\.jsonl contains no valid item \(it is empty\)$/],
    [
      'with no usable item',
      { 'items.jsonl': 'x\ny\n' },
      /items\.jsonl contains no valid item \(items\.jsonl: 2 rows left out: not JSON \(lines 1, 2\)\)$/,
    ],
    [
      'with interactions whose columns have no names',
      { 'interactions.csv': 'u1,a,5\nu2,b,3\n' },
      /interactions\.csv: its first line must name the columns, .*user,item.*; it reads "u1,a,5"$/,
    ],
    [
      'with interactions parted by semicolons',
      { 'interactions.csv': 'user;item\nu1;a\n' },
      /first line must name the columns, separated by commas: .*; it reads "user;item"$/,
    ],
    ['without the column of items', { 'interactions.csv': 'user,movie\nu1,a\n' }, /it reads "user,movie"$/],
    ['with an empty interactions.csv', { 'interactions.csv': '' }, /interactions\.csv is empty: its first line must/],
    [
      'with interactions of which not one is usable',
      { 'interactions.csv': 'user,item\nu1,tt01\nu2,tt02\n' },
      /contains no valid row \(interactions\.csv: 2 rows left out: its item is not in items\.jsonl \(lines 2, 3\)\)$/,
    ],
    [
      'with a quote that is never closed in the names of the columns',
      { 'interactions.csv': 'user,"item\nu1,a\n' },
      /interactions\.csv: line 1 is not CSV \(a quote is out of place, or never closed\)$/,
    ],
  ])('%s', async (_, changes, message) => {
    await expectRejection(read(changes), 'INVALID_REQUEST', message);
  });

  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  it.each<[string, (text: string) => Buffer, RegExp]>([
    ['UTF-16 with its mark', (text) => utf16(`\ufeff${text}`), /is UTF-16, not UTF-8 text: save it as UTF-8$/],
    ['big-endian UTF-16', (text) => utf16(`\ufeff${text}`).swap16(), /is UTF-16, not UTF-8 text/],
    ['UTF-16 without a mark', utf16, /looks like UTF-16, not UTF-8 text: save it as UTF-8$/],
    ['gzip', (text) => gzipSync(text), /is gzip, not UTF-8 text: unpack it first$/],
  ])('with a file in %s', async (_, encode, message) => {
    for (const [name, text] of Object.entries(good))
      await expectRejection(read({ [name]: encode(text) }), 'INVALID_REQUEST', new RegExp(`${name} ${message.source}`));
  });

  it('with a domain.json in Latin-1', async () => {
    const latin1 = Buffer.from(JSON.stringify({ ...config, label: 'Bücher' }), 'latin1');
    await expectRejection(
      read({ 'domain.json': latin1 }),
      'INVALID_REQUEST',
      /domain\.json is not UTF-8: save it as UTF-8$/,
    );
  });
});
