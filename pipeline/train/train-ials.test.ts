import { beforeAll, describe, expect, it } from 'vitest';
import { transpose } from '../../lib/math/sparse';
import { dot, rowsOf } from '../../testing/engine/naive';
import { checkerboard } from '../../testing/sparse';
import { type IalsModel, type IalsParameters, trainIals } from './train-ials';

const USERS = 700;
const ITEMS = 40;
const users = checkerboard(USERS, ITEMS);
const items = transpose(users, ITEMS);
const parameters: IalsParameters = {
  dims: 6,
  epochs: 8,
  unobservedWeight: 0.2,
  regularization: 0.005,
  seed: 1,
  threads: 1,
};
const bytes = (model: IalsModel) =>
  [model.userFactors, model.itemFactors].map((factors) => Buffer.from(factors.buffer).toString('hex'));

let model: IalsModel;
let reported: [number, number][];
beforeAll(async () => {
  reported = [];
  model = await trainIals(users, items, parameters, (epoch, loss) => reported.push([epoch, loss]));
});

/** The loss that iALS minimises, term by term. */
function loss(userRows: number[][], itemRows: number[][]): number {
  const { unobservedWeight, regularization } = parameters;
  let sum = 0;
  userRows.forEach((x, user) => {
    const liked = new Set(users.columns.subarray(users.offsets[user], users.offsets[user + 1]));
    itemRows.forEach((y, item) => {
      const score = dot(x, y);
      sum += unobservedWeight * score * score + (liked.has(item) ? (1 - score) ** 2 : 0);
    });
    sum += regularization * (liked.size + unobservedWeight * ITEMS) * dot(x, x);
  });
  itemRows.forEach((y, item) => {
    sum += regularization * (items.offsets[item + 1] - items.offsets[item] + unobservedWeight * USERS) * dot(y, y);
  });
  return sum;
}

describe('trainIals', () => {
  it('lowers its loss in every epoch, and reports each', () => {
    expect(model.losses).toHaveLength(parameters.epochs);
    for (let epoch = 1; epoch < model.losses.length; epoch++)
      expect(model.losses[epoch]).toBeLessThan(model.losses[epoch - 1]);
    expect(reported).toEqual(model.losses.map((value, epoch) => [epoch + 1, value]));
  });

  it('reports the documented loss', () => {
    const expected = loss(rowsOf(model.userFactors, parameters.dims), rowsOf(model.itemFactors, parameters.dims));
    expect(model.losses.at(-1)! / expected).toBeCloseTo(1, 5);
  });

  it('ends each half-step at a minimum of the loss', () => {
    const userRows = rowsOf(model.userFactors, parameters.dims);
    const itemRows = rowsOf(model.itemFactors, parameters.dims);
    const step = 1e-3;
    // The items were solved last. The loss is quadratic in each item, so central differences are exact.
    for (const item of [0, 7, ITEMS - 1]) {
      for (let d = 0; d < parameters.dims; d++) {
        const moved = (by: number) =>
          loss(
            userRows,
            itemRows.map((row, i) => (i === item ? row.map((value, k) => (k === d ? value + by : value)) : row)),
          );
        const curvature = (moved(step) - 2 * moved(0) + moved(-step)) / step ** 2;
        const slope = (moved(step) - moved(-step)) / (2 * step);
        // The distance from the minimum, in units of the factor.
        expect(Math.abs(slope / curvature)).toBeLessThan(1e-5);
      }
    }
  });

  it('separates two tastes with two dimensions', async () => {
    const { userFactors, itemFactors } = await trainIals(users, items, { ...parameters, dims: 2 });
    const userRows = rowsOf(userFactors, 2);
    const itemRows = rowsOf(itemFactors, 2);
    for (let user = 0; user < USERS; user++) {
      const scores = itemRows.map((row) => dot(userRows[user], row));
      const own = scores.filter((_, item) => item % 2 === user % 2);
      const other = scores.filter((_, item) => item % 2 !== user % 2);
      if (users.offsets[user + 1] > users.offsets[user]) expect(Math.min(...own)).toBeGreaterThan(Math.max(...other));
    }
  });

  it('gives the same bytes for the same seed with any number of threads', async () => {
    const onTwo = await trainIals(users, items, { ...parameters, threads: 2 });
    expect(bytes(onTwo)).toEqual(bytes(model));
    expect(onTwo.losses).toEqual(model.losses);
    const otherwise = await trainIals(users, items, { ...parameters, seed: 2 });
    expect(bytes(otherwise)).not.toEqual(bytes(model));
  });

  it('gives a user without likes zero factors', async () => {
    const lonely = { offsets: Uint32Array.of(0, 1, 1), columns: Uint32Array.of(0) };
    const { userFactors } = await trainIals(lonely, transpose(lonely, 1), { ...parameters, dims: 2, epochs: 1 });
    expect([...userFactors.subarray(2)]).toEqual([0, 0]);
  });

  it('returns empty factors without users and items', async () => {
    const none = { offsets: new Uint32Array(1), columns: new Uint32Array() };
    const { userFactors, itemFactors, losses } = await trainIals(none, none, parameters);
    expect([userFactors.length, itemFactors.length]).toEqual([0, 0]);
    expect(losses.every((value) => value === 0)).toBe(true);
  });
});
