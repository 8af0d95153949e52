import { describe, expect, it } from 'vitest';
import { toRagged } from './container';
import { type NeighbourColumns, readNeighbours, writeNeighbours } from './neighbours';
import { describeReader } from './testing/conformance';

const neighbours: NeighbourColumns = {
  rows: toRagged([[1, 2], [], [0, 1, 3], [2]]),
  weights: Int8Array.of(127, -127, 5, -1, 127, 3),
  scales: Float32Array.of(0.5, 0.001, 0, 2),
};

describe('item–item weights', () => {
  it('read back as they were written', () => {
    expect(readNeighbours(writeNeighbours(neighbours))).toEqual(neighbours);
    const none = { rows: toRagged([]), weights: new Int8Array(), scales: new Float32Array() };
    expect(readNeighbours(writeNeighbours(none))).toEqual(none);
  });

  it.each<[string, Partial<NeighbourColumns>, string]>([
    [
      'a weight too few',
      { weights: neighbours.weights.subarray(1) },
      'n.bin is inconsistent: 4 scales for 4 items, 5 weights for 6 neighbours',
    ],
    [
      'a scale too many',
      { scales: new Float32Array(5) },
      'n.bin is inconsistent: 5 scales for 4 items, 6 weights for 6 neighbours',
    ],
    [
      'a neighbour that is not there',
      { rows: toRagged([[1, 2], [], [0, 1, 4], [2]]) },
      'n.bin is inconsistent: section "rows" holds 4, where 4 is too much',
    ],
  ])('are refused with %s', (_, change, message) => {
    expect(() => readNeighbours(writeNeighbours({ ...neighbours, ...change }), 'n.bin')).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED', message }),
    );
  });
});

describeReader('neighbours', writeNeighbours(neighbours), readNeighbours);
