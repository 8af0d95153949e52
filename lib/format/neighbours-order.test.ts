import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../math/random';
import { toSparseRows } from '../math/sparse';
import { bisectionOrder, type Graph } from './neighbours-order';

function graphOf(nodeCount: number, pairs: readonly (readonly [number, number])[]): Graph {
  const others = Array.from({ length: nodeCount }, () => new Set<number>());
  for (const [a, b] of pairs) {
    if (a === b) continue;
    others[a].add(b);
    others[b].add(a);
  }
  const { offsets, columns } = toSparseRows(others.map((set) => [...set].sort((a, b) => a - b)));
  return { offsets, links: columns };
}

/** Σ log₂ of the distances between linked nodes. */
function bitsOf({ offsets, links }: Graph, order: Uint32Array): number {
  const places = new Map([...order].map((node, place) => [node, place]));
  let bits = 0;
  for (let node = 0; node < order.length; node++)
    for (let i = offsets[node]; i < offsets[node + 1]; i++)
      bits += Math.log2(Math.abs(places.get(node)! - places.get(links[i])!)) / 2;
  return bits;
}

describe('the bisection order', () => {
  it('contains every node once and is deterministic, for any graph', () => {
    const pairs = fc.array(fc.tuple(fc.nat(299), fc.nat(299)), { maxLength: 900 });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 300, max: 400 }), (given, nodeCount) => {
        const graph = graphOf(nodeCount, given);
        const order = bisectionOrder(graph);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: nodeCount }, (_, node) => node));
        expect(bisectionOrder(graph)).toEqual(order);
      }),
      { numRuns: 20 },
    );
    expect(bisectionOrder(graphOf(0, []))).toHaveLength(0);
  });

  it('places linked nodes near each other', () => {
    // Eight groups of 64 with interleaved nodes, and a few links between groups.
    const random = mulberry32(1);
    const node = (group: number) => group + 8 * Math.floor(64 * random());
    const pairs = Array.from({ length: 6000 }, (_, i): [number, number] => {
      const group = i % 8;
      return [node(group), node(i % 20 === 0 ? (group + 1) % 8 : group)];
    });
    const graph = graphOf(512, pairs);
    const dealt = Uint32Array.from({ length: 512 }, (_, i) => i);
    expect(bitsOf(graph, bisectionOrder(graph))).toBeLessThan(0.75 * bitsOf(graph, dealt));
  });
});
