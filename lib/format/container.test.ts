import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ContainerReader, ContainerWriter, toRagged } from './container';
import { describeReader } from './testing/conformance';

const small = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const lists = fc.array(fc.array(small, { maxLength: 6 }), { maxLength: 20 });
const text = fc.string({ unit: 'binary' });

function reread(write: (writer: ContainerWriter) => void): ContainerReader {
  const writer = new ContainerWriter('search');
  write(writer);
  return new ContainerReader(writer.finish(), 'search');
}

describe('a container', () => {
  it('gives back numbers of every kind', () => {
    const kinds = {
      u8: fc.uint8Array(),
      i8: fc.int8Array(),
      u16: fc.uint16Array(),
      u32: fc.uint32Array(),
      f32: fc.float32Array(),
    };
    fc.assert(
      fc.property(fc.record(kinds), (arrays) => {
        const reader = reread((writer) => {
          for (const [name, values] of Object.entries(arrays)) writer.array(name, values);
        });
        for (const kind of ['u8', 'i8', 'u16', 'u32', 'f32'] as const) expect(reader[kind](kind)).toEqual(arrays[kind]);
      }),
    );
  });

  it('gives back integers, near each other or not', () => {
    fc.assert(
      fc.property(fc.array(small), fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })), (deltas, varints) => {
        const reader = reread((writer) => writer.deltas('d', deltas).varint('v', varints));
        expect([...reader.deltas('d')]).toEqual(deltas);
        expect([...reader.varint('v')]).toEqual(varints);
      }),
    );
  });

  it('gives back lists of lists, empty ones included', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const ragged = toRagged(rows);
        expect(reread((writer) => writer.ragged('r', ragged)).ragged('r')).toEqual(ragged);
      }),
    );
  });

  it('gives back text in any script, line feeds and NULs made spaces', () => {
    fc.assert(
      fc.property(fc.array(text), (values) => {
        expect(reread((writer) => writer.strings('s', values)).strings('s')).toEqual(
          values.map((value) => value.replace(/[\n\0]/g, ' ')),
        );
      }),
    );
    const odd = ['\ufeffbyte order mark first', '', '\u2028', '💿', ''];
    expect(reread((writer) => writer.strings('s', odd)).strings('s')).toEqual(odd);
  });

  it('gives back JSON, and refuses it where it breaks its schema', () => {
    const reader = reread((writer) => writer.json('j', { a: [1, 'ä'] }));
    expect(reader.json('j', z.object({ a: z.array(z.unknown()) }))).toEqual({ a: [1, 'ä'] });
    expect(() => reader.json('j', z.object({ a: z.string() }))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^search is inconsistent: section "j": a: /),
      }),
    );
  });

  it('keeps the shape of a matrix', () => {
    const reader = reread((writer) => writer.array('m', new Float32Array(12), 4));
    expect(reader.shape('m')).toEqual([3, 4]);
  });

  it('takes no section name twice, nor a long or an empty one', () => {
    const writer = new ContainerWriter('search').json('a', 1);
    for (const name of ['a', '', 'thirteen-long', 'ä', 'a b'])
      expect(() => writer.json(name, 1), name).toThrow(RangeError);
  });

  it('says which section is missing or of another kind', () => {
    const reader = reread((writer) => writer.varint('a', [1]));
    expect(() => reader.varint('b')).toThrow('search is inconsistent: section "b" is missing');
    expect(() => reader.shape('b')).toThrow('search is inconsistent: section "b" is missing');
    expect(() => reader.ragged('a')).toThrow(
      'search is inconsistent: section "a" is varint, where ragged was expected',
    );
  });

  it('refuses numbers past the limit that the caller sets', () => {
    const reader = reread((writer) => writer.deltas('d', [3, 1]).ragged('r', toRagged([[3], [1]])));
    expect([...reader.deltas('d', 4)]).toEqual([3, 1]);
    for (const read of [() => reader.deltas('d', 3), () => reader.ragged('r', 3)]) {
      expect(read).toThrow(expect.objectContaining({ code: 'ARTIFACT_MALFORMED' }));
    }
  });
});

const sections = (file: Uint8Array, label?: string) => {
  const reader = new ContainerReader(file, 'search', label);
  return [
    reader.json('json', z.object({ a: z.number() })),
    reader.strings('strings'),
    reader.u16('u16'),
    reader.i8('matrix'),
    reader.shape('matrix'),
    reader.varint('varint'),
    reader.deltas('deltas'),
    reader.ragged('ragged'),
  ];
};
const file = new ContainerWriter('search')
  .json('json', { a: 1 })
  .strings('strings', ['x', 'yé'])
  .array('u16', Uint16Array.of(1, 2, 65535))
  .array('matrix', Int8Array.of(1, -2, 3, -4, 5, -6), 2)
  .varint('varint', [1, 300, 5])
  .deltas('deltas', [7, 5, 9000])
  .ragged('ragged', toRagged([[4, 1], [], [300]]))
  .finish();
describeReader('search', file, sections);
