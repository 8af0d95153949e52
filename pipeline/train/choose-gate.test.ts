import { describe, expect, it } from 'vitest';
import { SIGNALS, type Signal } from '../../lib/contracts/engine';
import { GATE_INPUTS } from '../../lib/engine/ranking/gate';
import { mulberry32 } from '../../lib/math/random';
import { chooseGate } from './choose-gate';
import type { GateCase } from './gate-examples';

const ITEMS = 120;
const HEAD = 20;

/** Requests in which popularity ranks the head first, and relatedness ranks one item of the tail first. */
function cases(kind: GateCase['kind'], count: number, likes: number, relevantOf: (random: () => number) => number[]) {
  const random = mulberry32(kind.length + likes);
  return Array.from({ length: count }, (): GateCase => {
    const relevant = relevantOf(random);
    const scores = Float32Array.from({ length: ITEMS * SIGNALS.length }, () => random() - 0.5);
    const add = (item: number, signal: Signal, value: number) => {
      scores[item * SIGNALS.length + SIGNALS.indexOf(signal)] += value;
    };
    for (let item = 0; item < HEAD; item++) add(item, 'popular', 0.6);
    for (const item of relevant) add(item, item < HEAD ? 'popular' : 'related', 3);
    const input = new Float32Array(GATE_INPUTS.length);
    input[0] = 1 / (1 + (likes / 2) ** 1.5);
    return {
      kind,
      likes,
      input,
      scores,
      relevant,
      // All alike, so that nothing but the cost counts against the head.
      popularity: new Float64Array(relevant.length).fill(50),
      head: Array.from({ length: HEAD }, (_, item) => item),
    };
  });
}
const anywhere = (random: () => number) => [Math.floor(random() * HEAD), HEAD + Math.floor(random() * (ITEMS - HEAD))];
const inTail = (random: () => number) => [HEAD + Math.floor(random() * (ITEMS - HEAD))];

describe('chooseGate', () => {
  it('reports a curve of rising costs, along which lists for one item have fewer of the most popular', () => {
    const [one, many] = [1, 30].map((likes) => cases('user', 80, likes, anywhere));
    const users = one.flatMap((example, i) => [example, many[i]]);
    const { headCost, curve } = chooseGate(users, [], 1);
    expect(curve.map((point) => point.headCost)).toEqual(curve.map((point) => point.headCost).sort((a, b) => a - b));
    expect(curve.map((point) => point.headCost)).toContain(headCost);
    expect(curve.at(-1)!.headShare20).toBeLessThan(curve[0].headShare20);
    for (const { relatedRecall20, ndcg10 } of curve) {
      expect(relatedRecall20).toBeNull();
      expect(ndcg10[1]).toBeNull();
      for (const value of [ndcg10[0], ndcg10[3]]) expect(value).toBeGreaterThan(0);
    }
  });

  it('measures and uses judged pairs where there are some', () => {
    const users = cases('user', 60, 1, anywhere);
    const { curve, gate } = chooseGate(users, cases('judged', 40, 1, inTail), 1);
    for (const { relatedRecall20 } of curve) expect(relatedRecall20).toBeGreaterThan(0.5);
    expect(gate).toEqual(chooseGate(users, cases('judged', 40, 1, inTail), 1).gate);
  });

  it('returns a gate without any example', () => {
    const { gate, curve } = chooseGate([], [], 1);
    expect(gate.layers).toHaveLength(2);
    for (const { headShare20 } of curve) expect(headShare20).toBe(0);
  });
});
