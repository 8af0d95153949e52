import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { concatRows, sliceRows, toSparseRows } from '../math/sparse';
import { ContainerReader, ContainerWriter } from './container';
import { describeReader } from './testing/conformance';

const small = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const lists = fc.array(fc.array(small, { maxLength: 6 }), { maxLength: 20 });
const text = fc.string({ unit: 'binary' });

function reread(write: (writer: ContainerWriter) => void): ContainerReader {
  const writer = new ContainerWriter('neighbours');
  write(writer);
  return new ContainerReader(writer.finish(), 'neighbours');
}

describe('a container', () => {
  it('round-trips numbers of every type', () => {
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

  it('round-trips integers, near each other or not', () => {
    fc.assert(
      fc.property(fc.array(small), fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })), (deltas, varints) => {
        const reader = reread((writer) => writer.deltas('d', deltas).varint('v', varints));
        expect([...reader.deltas('d')]).toEqual(deltas);
        expect([...reader.varint('v')]).toEqual(varints);
      }),
    );
  });

  it('round-trips sparse rows, including empty ones', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const ragged = toSparseRows(rows);
        expect(reread((writer) => writer.ragged('r', ragged)).ragged('r')).toEqual(ragged);
      }),
    );
  });

  it('round-trips unordered numbers, sets, and lists of numbers assigned in order', () => {
    const sets = lists.map((rows) => rows.map((row) => [...new Set(row)].sort((a, b) => a - b)));
    const first = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(fc.array(small), sets, lists, first, (planes, ascending, rows, known) => {
        const [a, b] = [toSparseRows(ascending), toSparseRows(rows)];
        const reader = reread((writer) => writer.planes('p', planes).sets('s', a).lists('l', b, known));
        expect([...reader.planes('p')]).toEqual(planes);
        expect(reader.sets('s')).toEqual(a);
        expect(reader.lists('l', 2 ** 31, known)).toEqual(b);
      }),
    );
  });

  it('round-trips slices of sparse rows, which concatenate to the whole', () => {
    fc.assert(
      fc.property(lists, fc.nat(20), (rows, at) => {
        const [whole, cut] = [toSparseRows(rows), Math.min(at, rows.length)];
        const [head, tail] = [sliceRows(whole, 0, cut), sliceRows(whole, cut, rows.length)];
        expect([head, tail]).toEqual([toSparseRows(rows.slice(0, cut)), toSparseRows(rows.slice(cut))]);
        expect(concatRows(head, tail)).toEqual(whole);
      }),
    );
  });

  it('round-trips text in any script, with line feeds and NULs replaced by spaces', () => {
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

  it('round-trips JSON, and rejects it if it does not match its schema', () => {
    const reader = reread((writer) => writer.json('j', { a: [1, 'ä'] }));
    expect(reader.json('j', z.object({ a: z.array(z.unknown()) }))).toEqual({ a: [1, 'ä'] });
    expect(() => reader.json('j', z.object({ a: z.string() }))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^neighbours is inconsistent: section "j": a: /),
      }),
    );
  });

  it('stores the shape of a matrix', () => {
    const reader = reread((writer) => writer.array('m', new Float32Array(12), 4));
    expect(reader.shape('m')).toEqual([3, 4]);
  });

  it('rejects a section name that is used twice, too long or empty', () => {
    const writer = new ContainerWriter('neighbours').json('a', 1);
    for (const name of ['a', '', 'thirteen-long', 'ä', 'a b'])
      expect(() => writer.json(name, 1), name).toThrow(RangeError);
  });

  it('reports which section is missing or of another kind', () => {
    const reader = reread((writer) => writer.varint('a', [1]));
    expect(() => reader.varint('b')).toThrow('neighbours is inconsistent: section "b" is missing');
    expect(() => reader.shape('b')).toThrow('neighbours is inconsistent: section "b" is missing');
    expect(() => reader.ragged('a')).toThrow(
      'neighbours is inconsistent: section "a" is varint, where ragged was expected',
    );
  });

  it('rejects numbers beyond the limit of the caller', () => {
    const reader = reread((writer) =>
      writer
        .deltas('d', [3, 1])
        .ragged('r', toSparseRows([[3], [1]]))
        .sets('s', toSparseRows([[1, 3]]))
        .lists('l', toSparseRows([[3]])),
    );
    expect([...reader.deltas('d', 4)]).toEqual([3, 1]);
    const reads = [
      () => reader.deltas('d', 3),
      () => reader.ragged('r', 3),
      () => reader.sets('s', 3),
      () => reader.lists('l', 3),
    ];
    for (const read of reads) {
      expect(read).toThrow(expect.objectContaining({ code: 'ARTIFACT_MALFORMED' }));
    }
  });
});

const sections = (file: Uint8Array, label?: string) => {
  const reader = new ContainerReader(file, 'neighbours', label);
  return [
    reader.json('json', z.object({ a: z.number() })),
    reader.strings('strings'),
    reader.u16('u16'),
    reader.i8('matrix'),
    reader.shape('matrix'),
    reader.varint('varint'),
    reader.deltas('deltas'),
    reader.ragged('ragged'),
    reader.planes('planes'),
    reader.sets('sets'),
    reader.lists('lists', 400, 5),
  ];
};
const file = new ContainerWriter('neighbours')
  .json('json', { a: 1 })
  .strings('strings', ['x', 'yé'])
  .array('u16', Uint16Array.of(1, 2, 65535))
  .array('matrix', Int8Array.of(1, -2, 3, -4, 5, -6), 2)
  .varint('varint', [1, 300, 5])
  .deltas('deltas', [7, 5, 9000])
  .ragged('ragged', toSparseRows([[4, 1], [], [300]]))
  .planes('planes', [70_000, 3, 0])
  .sets('sets', toSparseRows([[1, 4], [], [300]]))
  .lists('lists', toSparseRows([[5, 1], [], [6, 300]]), 5)
  .finish();
describeReader('neighbours', file, sections);
