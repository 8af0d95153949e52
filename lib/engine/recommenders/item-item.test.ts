import { describe, expect, it } from 'vitest';
import { item, neighbourColumns, SILENT, SIZE, spokenFor, WARM } from '../../../testing/engine/columns';
import { context } from '../../../testing/engine/context';
import { ItemItemRecommender, NEIGHBOURS } from './item-item';

const columns = neighbourColumns();
const make = () => new ItemItemRecommender(columns, NEIGHBOURS);

/** weights[from][to], decoded. */
const weights = Array.from({ length: WARM }, (_, from) => {
  const row = new Array<number>(WARM).fill(0);
  const { offsets, columns: targets } = columns.rows;
  for (let i = offsets[from]; i < offsets[from + 1]; i++)
    row[targets[i]] = columns.weights[i] * columns.scales[targets[i]];
  return row;
});

describe('neighbours scores', () => {
  it('are the sum of the weights from each item of the history, half as much for dislikes', () => {
    const profile = make().profile(context([item(3), item(7, -0.5), item(12, 0.25), item(WARM + 2)]))!;
    for (let row = 0; row < WARM; row++)
      expect(profile.score(row)).toBeCloseTo(
        weights[3][row] - 0.5 * 0.5 * weights[7][row] + 0.25 * weights[12][row],
        6,
      );
  });

  it('split into the contribution of each item, 0 for items without weights', () => {
    const profile = make().profile(context([item(3), item(WARM + 2), item(7, -0.5), item(SILENT)]))!;
    for (let row = 0; row < WARM; row++) {
      const parts = [...profile.contributions(row)!];
      [weights[3][row], 0, -0.25 * weights[7][row], 0].forEach((part, i) => {
        expect(parts[i]).toBeCloseTo(part, 6);
      });
    }
    expect(profile.contributions(WARM)).toBeNull();
  });

  it('are at most the mean for items outside the model, after likes and after dislikes', () => {
    for (const value of [1, -1]) {
      const profile = make().profile(context([item(0, value), item(3, value)]))!;
      for (const row of [WARM, SIZE - 1]) expect(profile.score(row)).toBeLessThanOrEqual(profile.mean);
    }
  });

  it('have the share of the history with weights as their coherence', () => {
    expect(make().profile(context([item(3), item(7)]))!.coherence).toBe(1);
    expect(make().profile(context([item(3), item(WARM), item(SILENT), item(WARM + 1)]))!.coherence).toBe(0.25);
  });
});

describe('neighbours candidates', () => {
  it('are the items with positive scores', () => {
    const profile = make().profile(context([item(3)]))!;
    const found = [...profile.candidates(WARM)];
    expect(found[0]).toBe(spokenFor(3));
    expect([...found].sort((a, b) => a - b)).toEqual([...Array(WARM).keys()].filter((row) => weights[3][row] > 0));
    expect(
      [
        ...make()
          .profile(context([item(3, -1)]))!
          .candidates(WARM),
      ].sort((a, b) => a - b),
    ).toEqual([...Array(WARM).keys()].filter((row) => weights[3][row] < 0));
  });
});

describe('a catalog without interactions', () => {
  it('has a neighbours recommender without profiles', () => {
    const nothing = {
      rows: { offsets: new Uint32Array(1), columns: new Uint32Array() },
      weights: new Int8Array(),
      scales: new Float32Array(),
    };
    const empty = new ItemItemRecommender(nothing, NEIGHBOURS);
    expect(empty.size).toBe(0);
    expect(empty.profile(context([item(0)]))).toBeNull();
  });
});
