import { describe, expect, it } from 'vitest';
import { trainingChoiceSchema, trainingSchema } from '../../lib/contracts/training';
import { toLists, toSparseRows, transpose } from '../../lib/math/sparse';
import { checkerboard } from '../../testing/sparse';
import { searchHyperparameters } from './hyperparameters';

const ITEMS = 40;
/** A few users of two tastes. The last 20 are validation users. */
const lists = toLists(checkerboard(70, ITEMS, 0.3));
const likes = toSparseRows(lists.slice(0, 50));
const users = lists.slice(50);

interface Tried {
  model: 'latent' | 'neighbours';
  setting: Record<string, number>;
  quality: number;
}
/** Settings that are quick to train. */
const QUICK = { dims: 4, epochs: 2 };
async function search(choice: object, validation = users) {
  const tried: Tried[] = [];
  const training = await searchHyperparameters(likes, ITEMS, validation, trainingChoiceSchema.parse(choice), {
    seed: 1,
    threads: 1,
    onTried: (model, setting, quality) => tried.push({ model, setting: { ...setting } as Tried['setting'], quality }),
  });
  return { training, tried };
}

describe('searchHyperparameters', () => {
  it('does not search if every value is set', async () => {
    const choice = {
      latent: { dims: 5, epochs: 3, unobservedWeight: 0.5, regularization: 0.07 },
      neighbours: { neighbours: 6, regularization: 7, dropout: 0.25 },
    };
    expect(await search(choice)).toEqual({ training: choice, tried: [] });
  });

  it('keeps the values that are set in every setting that it tries', async () => {
    const { training, tried } = await search({
      latent: { ...QUICK, regularization: 0.07 },
      neighbours: { neighbours: 9, dropout: 0 },
    });
    expect(new Set(tried.map(({ model }) => model))).toEqual(new Set(['latent', 'neighbours']));
    for (const { model, setting } of tried)
      expect(setting).toMatchObject(
        model === 'latent' ? { ...QUICK, regularization: 0.07 } : { neighbours: 9, dropout: 0 },
      );
    expect(training).toMatchObject({
      latent: { ...QUICK, regularization: 0.07 },
      neighbours: { neighbours: 9, dropout: 0 },
    });
    // The open parameter was tried in both directions.
    const weights = tried.filter(({ model }) => model === 'latent').map(({ setting }) => setting.unobservedWeight);
    expect(new Set(weights).size).toBeGreaterThanOrEqual(3);
  });

  it('chooses a setting that is close to the best of those it tried', async () => {
    const { training, tried } = await search({ latent: QUICK });
    for (const model of ['latent', 'neighbours'] as const) {
      const all = tried.filter((one) => one.model === model);
      const chosen = all.find(({ setting }) => JSON.stringify(setting) === JSON.stringify(training[model]))!;
      const best = Math.max(...all.map(({ quality }) => quality));
      expect(chosen.quality).toBeGreaterThanOrEqual(0.99 * best);
      expect(chosen.quality).toBeGreaterThan(Math.min(...all.map(({ quality }) => quality)));
      for (const { quality } of all) {
        expect(quality).toBeGreaterThanOrEqual(0);
        expect(quality).toBeLessThanOrEqual(1);
      }
    }
    expect(trainingSchema.parse(training)).toEqual(training);
  });

  it('returns valid defaults if no validation user has enough likes', async () => {
    for (const validation of [[], [[3]], [[], [1, 2]]]) {
      const { training, tried } = await search({ latent: QUICK }, validation);
      expect(tried).toEqual([]);
      expect(trainingSchema.parse(training)).toEqual(training);
      expect(training.latent).toMatchObject(QUICK);
    }
  });

  it('returns the same for the same seed', async () => {
    const choice = { latent: { ...QUICK, unobservedWeight: 0.1 }, neighbours: { dropout: 1 } };
    expect(await search(choice)).toEqual(await search(choice));
  });

  it('accepts a data set without interactions', async () => {
    const none = toSparseRows([]);
    expect(transpose(none, 0).offsets).toHaveLength(1);
    const training = await searchHyperparameters(none, 0, [], trainingChoiceSchema.parse({}), { seed: 1, threads: 1 });
    expect(trainingSchema.parse(training)).toEqual(training);
  });
});
