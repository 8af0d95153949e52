import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineParts } from '../../lib/engine/engine';
import { towerInputs } from '../../lib/engine/recommenders/user-tower';
import { quantiseRows } from '../../lib/format/latent';
import type { Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { readTinyDomain, TINY } from '../../testing/tiny-domain';
import type { UserLikes } from '../dataset/likes';
import { silentProgress } from '../io/progress';
import { findTowerMaxLikes } from './tower-max-likes';
import { trainEngine } from './train-engine';

const DIMS = 4;
/** Users of one taste: items with an even number. */
const users: UserLikes[] = Array.from({ length: 40 }, (_, user) => ({
  likes: Array.from({ length: 12 }, (_, n) => ({ id: `t${2 * ((7 * n + user) % 25)}` })),
}));

let parts: EngineParts;
beforeAll(async () => {
  const folder = await readTinyDomain();
  const training = {
    latent: { dims: DIMS, epochs: 1, unobservedWeight: 0.1, regularization: 0.01 },
    neighbours: { regularization: 1, dropout: 0 },
  };
  parts = await trainEngine(
    { ...folder, config: { ...folder.config, training } },
    { training: new Set(Array(TINY.users).keys()), validation: [] },
    { seed: 1, threads: 1, progress: silentProgress },
  );
  // The first dimension separates the tastes; the others are louder noise.
  const normal = gaussian(mulberry32(2));
  const { ids } = parts.catalog;
  const factors = Float32Array.from({ length: parts.latent.itemCount * DIMS }, (_, i) => {
    if (i % DIMS > 0) return normal();
    return Number(ids[i / DIMS].slice(1)) % 2 === 0 ? 0.7 : -0.7;
  });
  parts = { ...parts, latent: { ...parts.latent, ...quantiseRows(factors, DIMS) } };
});

/** A tower that is right for histories of up to so many likes, and wrong for longer ones. */
function towerUpTo(likes: number): Mlp {
  const inputs = towerInputs(DIMS);
  const weights = new Float32Array(inputs);
  // The first input after the pools is log(1 + likes) / 4.
  weights[4 * DIMS] = -1;
  const limit = (Math.log1p(likes) + Math.log1p(likes + 1)) / 2 / 4;
  const output = new Float32Array(DIMS);
  output[0] = 1;
  return {
    layers: [
      { inputs, outputs: 1, weights, bias: Float32Array.of(limit), activation: 'none' },
      { inputs: 1, outputs: DIMS, weights: output, bias: new Float32Array(DIMS), activation: 'none' },
    ],
  };
}

describe('findTowerMaxLikes', () => {
  it('is the length up to which the tower ranks better than the fold-in', () => {
    for (const length of [1, 3]) expect(findTowerMaxLikes(parts, towerUpTo(length), users, 1)).toBe(length);
  });

  it('is 0 if the tower is worse', () => {
    expect(findTowerMaxLikes(parts, towerUpTo(0), users, 1)).toBe(0);
  });

  it('is limited to short histories', () => {
    const longest = findTowerMaxLikes(parts, towerUpTo(1000), users, 1);
    expect(longest).toBeGreaterThan(3);
    expect(longest).toBeLessThan(50);
  });

  it('is 0 without validation users that have two likes', () => {
    for (const validation of [[], [{ likes: [{ id: 't2' }] }]])
      expect(findTowerMaxLikes(parts, towerUpTo(1000), validation, 1)).toBe(0);
  });
});
