import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRagged } from './container';
import { assembleIndexFile, augment, type HnswGraph, readHnsw, takeGraph, writeHnsw } from './hnsw';
import { describeReader } from './testing/conformance';

/** Five nodes; node 3 reaches level 2, node 1 level 1. */
const graph: HnswGraph = {
  dims: 2,
  radius: 5,
  linksPerNode: 2,
  efConstruction: 10,
  entryPoint: 3,
  base: toRagged([[1, 2], [0, 3], [0, 1, 3, 4], [], [2]]),
  levels: Uint8Array.of(0, 1, 0, 2, 0),
  upper: toRagged([[3], [1], []]),
};
const factors = Float32Array.of(3, 4, 1, 0, 0, 1, -3, 0, 0.5, 0.5);

describe('an HNSW graph', () => {
  it('reads back as it was written', () => {
    expect(readHnsw(writeHnsw(graph))).toEqual(graph);
    const empty = { ...graph, entryPoint: 0, base: toRagged([]), levels: new Uint8Array(), upper: toRagged([]) };
    expect(readHnsw(writeHnsw(empty))).toEqual(empty);
  });

  it('comes out of the assembled index file as it went in', () => {
    const { vectors, radius } = augment(factors, 2);
    const file = assembleIndexFile(graph, vectors);
    expect(takeGraph(file, radius)).toEqual(graph);
    // Node 0: two links, room for two more, the three coordinates, the label.
    expect([...new Uint32Array(file.buffer, 56, 5)]).toEqual([2, 1, 2, 0, 0]);
    expect([...new Float32Array(file.buffer, 56 + 20, 3)]).toEqual([3, 4, 0]);
  });

  it('does not go with vectors of another model', () => {
    expect(() => assembleIndexFile(graph, new Float32Array(12))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'the graph has 5 nodes, the latent factors 4 rows',
      }),
    );
  });

  it.each<[string, Partial<HnswGraph>]>([
    ['a link to a node that is not there', { base: toRagged([[1, 5], [0, 3], [0, 1, 3, 4], [], [2]]) }],
    ['more links than there is room for', { base: toRagged([[1, 2], [0, 3], [0, 1, 2, 3, 4], [], [2]]) }],
    ['more upper links than there is room for', { upper: toRagged([[3], [1, 1, 1], []]) }],
    ['an upper link to a node that is not there', { upper: toRagged([[9], [1], []]) }],
    ['an upper link to a node that does not reach so high', { upper: toRagged([[3], [1], [1]]) }],
    ['lists for too few nodes', { base: toRagged([[1], [0]]) }],
    ['lists for too few levels', { upper: toRagged([[3], [1]]) }],
    ['an entry point that is not there', { entryPoint: 5 }],
    ['an entry point below the top level', { entryPoint: 1 }],
    ['a negative entry point', { entryPoint: -1 }],
    ['half an entry point', { entryPoint: 1.5 }],
    ['no links', { linksPerNode: 0 }],
    ['links beyond all measure', { linksPerNode: 2 ** 31 }],
  ])('is refused with %s', (_, change) => {
    expect(() => readHnsw(writeHnsw({ ...graph, ...change }), 'h.bin')).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^h\.bin is inconsistent: /),
      }),
    );
  });
});

describe('augment', () => {
  it('makes Euclidean order the order of inner products', () => {
    const coordinate = fc.float({ min: -8, max: 8, noNaN: true });
    const vector = fc.array(coordinate, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 12 }), vector, (rows, query) => {
        const { vectors, radius } = augment(Float32Array.from(rows.flat()), 3);
        const norm = Math.hypot(...query);
        rows.forEach((row, r) => {
          const stored = vectors.subarray(4 * r, 4 * r + 4);
          expect(Math.hypot(...stored)).toBeCloseTo(radius, 3);
          // |q − v|² = |q|² + radius² − 2 q·v
          const distance = [...query, 0].reduce((sum, value, d) => sum + (value - stored[d]) ** 2, 0);
          const product = row.reduce((sum, value, d) => sum + value * query[d], 0);
          expect(distance).toBeCloseTo(norm ** 2 + radius ** 2 - 2 * product, 2);
        });
      }),
    );
  });
});

describeReader('hnsw', writeHnsw(graph), readHnsw);
