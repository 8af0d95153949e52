import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../math/random';
import { type SparseRows, toSparseRows } from '../math/sparse';
import { ContainerWriter } from './container';
import { assembleIndexFile, augment, extractGraph, type HnswGraph, linkBothWays, readHnsw, writeHnsw } from './hnsw';
import { describeReader } from './testing/conformance';

/** Five nodes; node 3 reaches level 2, node 1 level 1. */
const graph: HnswGraph = {
  dims: 2,
  radius: 5,
  linksPerNode: 2,
  efConstruction: 10,
  entryPoint: 3,
  base: toSparseRows([[1, 2], [0, 3], [0, 3, 4], [1, 2], [2]]),
  levels: Uint8Array.of(0, 1, 0, 2, 0),
  upper: toSparseRows([[3], [1], []]),
};
const factors = Float32Array.of(3, 4, 1, 0, 0, 1, -3, 0, 0.5, 0.5);

describe('an HNSW graph', () => {
  it('round-trips', () => {
    expect(readHnsw(writeHnsw(graph))).toEqual(graph);
    const empty = {
      ...graph,
      entryPoint: 0,
      base: toSparseRows([]),
      levels: new Uint8Array(),
      upper: toSparseRows([]),
    };
    expect(readHnsw(writeHnsw(empty))).toEqual(empty);
  });

  it('can be extracted unchanged from the assembled index file', () => {
    const { vectors, radius } = augment(factors, 2);
    const file = assembleIndexFile(graph, vectors);
    expect(extractGraph(file, radius)).toEqual(graph);
    // Node 0: two links, space for two more, three coordinates, the label.
    expect([...new Uint32Array(file.buffer, 56, 5)]).toEqual([2, 1, 2, 0, 0]);
    expect([...new Float32Array(file.buffer, 56 + 20, 3)]).toEqual([3, 4, 0]);
  });

  it('is rejected with vectors of another model', () => {
    expect(() => assembleIndexFile(graph, new Float32Array(12))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'the graph has 5 nodes, the latent factors 4 rows',
      }),
    );
  });

  it('round-trips any links that go both ways', () => {
    fc.assert(
      fc.property(arbitraryGraph(), ({ graph, vectors }) => {
        const linked = linkBothWays(graph, vectors);
        const file = writeHnsw(linked);
        expect(readHnsw(file)).toEqual(linked);
        expect(writeHnsw(linked)).toEqual(file);
      }),
    );
  });

  it('round-trips places that are far apart', () => {
    const nodes = 70_000;
    const lists: number[][] = Array.from({ length: nodes }, () => []);
    lists[0] = [300, nodes - 1];
    lists[300] = [0];
    lists[nodes - 1] = [0];
    const wide = {
      ...graph,
      entryPoint: 0,
      base: toSparseRows(lists),
      levels: new Uint8Array(nodes),
      upper: toSparseRows([]),
    };
    expect(readHnsw(writeHnsw(wide))).toEqual(wide);
  });

  it('cannot be written if a link goes one way only, or to a node below its level', () => {
    const oneWay = { ...graph, base: toSparseRows([[1], [], [], [], []]) };
    expect(() => writeHnsw(oneWay)).toThrow(RangeError);
    expect(() => writeHnsw({ ...graph, base: toSparseRows([[], [0], [], [], []]) })).toThrow(RangeError);
    expect(() => writeHnsw({ ...graph, upper: toSparseRows([[2], [], []]) })).toThrow(RangeError);
  });

  it.each<[string, Partial<Sections>]>([
    ['a link to a node that is not there', { gaps: [0, 2, 1, 1, 0, 0] }],
    [
      'more links than there is room for',
      { levels: new Uint8Array(6), counts: [5, 0, 0, 0, 0, 0], gaps: [0, 0, 0, 0, 0] },
    ],
    ['an upper link to a node that does not reach so high', { gaps: [0, 0, 1, 0, 0, 1] }],
    ['counts for too few nodes', { counts: [2, 1, 2, 0, 0] }],
    ['counts for too many', { counts: [2, 1, 2, 0, 0, 1, 0, 0, 0] }],
    ['more links than were counted', { gaps: [0, 0, 1, 0, 0, 0, 0] }],
    ['an entry point that is not there', { meta: { entryPoint: 5 } }],
    ['an entry point below the top level', { meta: { entryPoint: 1 } }],
    ['a negative entry point', { meta: { entryPoint: -1 } }],
    ['half an entry point', { meta: { entryPoint: 1.5 } }],
    ['no links', { meta: { linksPerNode: 0 } }],
    ['links beyond all measure', { meta: { linksPerNode: 2 ** 31 } }],
  ])('is rejected with %s', (_, change) => {
    expect(() => readHnsw(fileOf(change), 'h.bin')).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^h\.bin is inconsistent: /),
      }),
    );
  });

  it('is accepted without those changes', () => {
    expect(fileOf({})).toEqual(writeHnsw(graph));
  });
});

/** The sections of `writeHnsw(graph)`, with gaps as numbers below 256. */
interface Sections {
  meta: Partial<HnswGraph>;
  levels: Uint8Array;
  counts: number[];
  gaps: number[];
}

function fileOf(change: Partial<Sections>): Uint8Array {
  const { dims, radius, linksPerNode, efConstruction, entryPoint } = graph;
  const { meta, levels = graph.levels, counts = [2, 1, 2, 0, 0, 1, 0, 0], gaps = [0, 0, 1, 0, 0, 0] } = change;
  const planes = new Uint8Array(4 * gaps.length);
  planes.set(gaps);
  return new ContainerWriter('hnsw')
    .json('meta', { dims, radius, linksPerNode, efConstruction, entryPoint, ...meta })
    .array('levels', levels)
    .varint('counts', counts)
    .array('gaps', planes)
    .finish();
}

/** Random links, one way or both ways, on up to three levels. */
function arbitraryGraph(): fc.Arbitrary<{ graph: HnswGraph; vectors: Float32Array }> {
  return fc
    .record({ nodes: fc.integer({ min: 1, max: 40 }), seed: fc.nat(), linksPerNode: fc.integer({ min: 2, max: 6 }) })
    .map(({ nodes, seed, linksPerNode }) => {
      const random = mulberry32(seed);
      const levels = Uint8Array.from({ length: nodes }, () => (random() < 0.8 ? 0 : random() < 0.8 ? 1 : 2));
      const linksOf = (node: number, level: number) =>
        [...levels.keys()].filter((other) => other !== node && levels[other] >= level && random() < 4 / nodes);
      const nodesUp = [...levels.keys()];
      const graph = {
        dims: 1,
        radius: 1,
        linksPerNode,
        efConstruction: 10,
        entryPoint: levels.indexOf(Math.max(...levels)),
        levels,
        base: toSparseRows(nodesUp.map((node) => linksOf(node, 0))),
        upper: toSparseRows(
          nodesUp.flatMap((node) => Array.from({ length: levels[node] }, (_, level) => linksOf(node, level + 1))),
        ),
      };
      return { graph, vectors: Float32Array.from({ length: 2 * nodes }, random) };
    });
}

describe('linkBothWays', () => {
  it('keeps every link if there is space, and adds only reverse links', () => {
    fc.assert(
      fc.property(arbitraryGraph(), ({ graph, vectors }) => {
        const { base, levels, upper } = linkBothWays({ ...graph, linksPerNode: 128 }, vectors);
        const naive = listsOf(graph.base).map((list, node, all) => {
          const back = [...all.keys()].filter((other) => all[other].includes(node));
          return [...new Set([...list, ...back])].sort((a, b) => a - b);
        });
        expect(listsOf(base)).toEqual(naive);
        expect(levels).toBe(graph.levels);
        expect(upper.offsets).toHaveLength(graph.upper.offsets.length);
      }),
    );
  });

  it('leaves each node at most 2M links, and drops the longest', () => {
    fc.assert(
      fc.property(arbitraryGraph(), ({ graph, vectors }) => {
        const { base, upper } = linkBothWays(graph, vectors);
        for (const list of [...listsOf(base), ...listsOf(upper)])
          expect(list.length).toBeLessThanOrEqual(2 * graph.linksPerNode);
      }),
    );
    const star = {
      ...graph,
      dims: 0,
      base: toSparseRows([[1, 2, 3, 4, 5], [], [], [], [], []]),
      levels: new Uint8Array(6),
      upper: toSparseRows([]),
    };
    const { base } = linkBothWays(star, Float32Array.of(0, 1, 9, 2, 3, 4));
    expect(listsOf(base)).toEqual([[1, 3, 4, 5], [0], [], [0], [0], [0]]);
  });
});

function listsOf({ offsets, columns }: SparseRows): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => [...columns.subarray(offsets[row], offsets[row + 1])]);
}

describe('augment', () => {
  it('makes Euclidean order equal to the order of inner products', () => {
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
