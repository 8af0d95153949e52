import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { decimal, MAX_BODY_BYTES, parse, quote, readBody, readQuery, repeatable } from './input';

const schema = z.object({
  size: decimal(z.int().min(1).max(100)).default(10),
  share: decimal(z.number().min(0).max(1)).optional(),
  name: z.string().min(1).max(5).optional(),
  kind: z.enum(['this', 'that']).optional(),
  ids: repeatable(z.array(z.string().min(1)).max(3)).default([]),
  list: z.array(z.object({ value: z.number() })).optional(),
});
const query = (search: string) => readQuery(new URL(`http://localhost/?${search}`), schema);
const errorOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('readQuery', () => {
  it('takes linear time for queries made to be slow', () => {
    // A backtracking pattern takes minutes for the first, and a search of the query for each name for the second.
    expect(() => query(`size=${'1'.repeat(200_000)}x`)).toThrow('size must be a number');
    const many = (name: string) => Array.from({ length: 50_000 }, (_, i) => `${name}${i}`).join('&');
    expect(query(many('utm_'))).toEqual({ size: 10, ids: [] });
    expect(() => query(many('n'))).toThrow('"n0" is not a parameter');
  });

  it('reads texts, numbers and repeated parameters, and ignores those that track links', () => {
    expect(query('size=7&share=.5&ids=a&ids=b&kind=that&utm_source=x&__proto__=y')).toEqual({
      size: 7,
      share: 0.5,
      kind: 'that',
      ids: ['a', 'b'],
    });
    expect(query('ids=a')).toEqual({ size: 10, ids: ['a'] });
  });

  it.each([
    ['sise=1', 'sise', '"sise" is not a parameter here; did you mean size?'],
    ['SIZE=1', 'SIZE', '"SIZE" is not a parameter here; did you mean size?'],
    ['xyz=1', 'xyz', '"xyz" is not a parameter here. There are: size, share, name, kind, ids, list.'],
    ['size=-1', 'size', 'size must be at least 1, not -1.'],
    ['size=1e9', 'size', 'size must be at most 100, not 1000000000.'],
    ['size=NaN', 'size', 'size must be a number, not "NaN".'],
    ['size=Infinity', 'size', 'size must be a number, not "Infinity".'],
    ['size=0x10', 'size', 'size must be a number, not "0x10".'],
    ['size=', 'size', 'size must be a number, not "".'],
    ['size=2.5', 'size', 'size must be a whole number, not 2.5.'],
    ['size=1&size=2', 'size', 'size must be given once, not 2 times.'],
    ['share=1.01', 'share', 'share must be at most 1, not 1.01.'],
    ['share=1e999', 'share', 'share must be a number, not Infinity.'],
    ['kind=this&kind=that', 'kind', 'kind must be given once, not 2 times.'],
    ['name=', 'name', 'name is empty.'],
    ['name=abcdef', 'name', 'name must be at most 5 characters long.'],
    ['kind=other', 'kind', 'kind must be one of this, that, not "other".'],
    ['ids=a&ids=', 'ids[1]', 'ids[1] is empty.'],
    ['ids=a&ids=b&ids=c&ids=d', 'ids', 'ids must hold at most 3, not 4.'],
  ])('refuses %s', (search, field, message) => {
    expect(errorOf(() => query(search))).toMatchObject({ code: 'INVALID_REQUEST', field, message });
  });
});

describe('parse', () => {
  it('names a field within a list', () => {
    expect(errorOf(() => parse(schema, { list: [{ value: 1 }, { value: '2' }] }, 'The body'))).toMatchObject({
      field: 'list[1].value',
      message: 'list[1].value must be a number, not "2".',
    });
    expect(errorOf(() => parse(schema, { list: [{}] }, 'The body'))).toMatchObject({
      message: 'list[0].value is missing.',
    });
  });

  it('names the whole where no single field is invalid', () => {
    expect(errorOf(() => parse(schema, [], 'The body'))).toMatchObject({
      field: undefined,
      message: 'The body must be an object, not a list.',
    });
  });
});

describe('quote', () => {
  it('cuts long texts between characters', () => {
    expect(quote('x'.repeat(10_000))).toBe(`"${'x'.repeat(40)}…"`);
    expect(quote('🎬'.repeat(41))).toBe(`"${'🎬'.repeat(40)}…"`);
    expect(quote('🎬'.repeat(40))).toBe(`"${'🎬'.repeat(40)}"`);
  });
});

describe('readBody', () => {
  const post = (body: BodyInit, headers?: HeadersInit) =>
    readBody(new Request('http://localhost', { method: 'POST', body, headers }), schema);

  it('reads JSON', async () => {
    expect(await post('{"size": 3}')).toMatchObject({ size: 3 });
  });

  it.each([
    ['', 'nothing'],
    ['{', 'half an object'],
    ['undefined', 'no JSON'],
  ])('refuses %j, %s', async (body) => {
    await expect(post(body)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('refuses deep nesting before parsing, and ignores brackets in strings', async () => {
    const parsing = vi.spyOn(JSON, 'parse');
    for (const deep of ['['.repeat(400_000), '{"a":'.repeat(100_000), `{"name": "]]]]", "x": ${'['.repeat(30)}`]) {
      await expect(post(deep)).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: /nested deeper than 20/ });
    }
    expect(parsing).not.toHaveBeenCalled();
    parsing.mockRestore();
    for (const name of ['['.repeat(40), `\\"${'{'.repeat(40)}`, '\\']) {
      await expect(post(JSON.stringify({ name: 7, other: name }))).rejects.toMatchObject({ message: /^name must be/ });
    }
  });

  it('refuses a body that is not UTF-8', async () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"name":"'), 0xff, ...new TextEncoder().encode('"}')]);
    await expect(post(body)).rejects.toMatchObject({ message: 'The body must be JSON, in UTF-8.' });
  });

  it('refuses a large body by its declared length, and by its actual one', async () => {
    await expect(post('{}', { 'content-length': String(MAX_BODY_BYTES + 1) })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    await expect(post(' '.repeat(MAX_BODY_BYTES + 1))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(await post(`${' '.repeat(MAX_BODY_BYTES - 2)}{}`)).toMatchObject({ size: 10 });
  });
});
