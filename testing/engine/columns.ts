import type { Evidence } from '../../lib/engine/recommenders/recommender';
import { towerInputs } from '../../lib/engine/recommenders/user-tower';
import type { ContentColumns } from '../../lib/format/content';
import type { ItemTowerColumns } from '../../lib/format/item-tower';
import { type LatentColumns, quantiseRows } from '../../lib/format/latent';
import type { NeighbourColumns } from '../../lib/format/neighbours';
import type { Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { toSparseRows } from '../../lib/math/sparse';

/** A synthetic catalog of 40 items. The first 28 have factors; item 39 has no terms. Seeded. */
export const SIZE = 40;
export const WARM = 28;
export const TERMS = 15;
export const DIMS = 6;
export const WITHOUT_TERMS = SIZE - 1;

export function contentColumns(): ContentColumns {
  const random = mulberry32(11);
  const lists = Array.from({ length: SIZE }, (_, row) =>
    row === WITHOUT_TERMS ? [] : [...Array(TERMS).keys()].filter(() => random() < 0.3),
  );
  const rows = toSparseRows(lists);
  const documentFrequency = new Uint32Array(TERMS);
  for (const term of rows.columns) documentFrequency[term]++;
  return {
    fields: [
      { name: 'genres', weight: 1, tellable: true },
      { name: 'plot', weight: 0.4, tellable: false },
    ],
    terms: Array.from({ length: TERMS }, (_, term) => `term ${term}`),
    termFields: Uint8Array.from({ length: TERMS }, (_, term) => Number(term >= 8)),
    notNamed: new Uint32Array(),
    documentFrequency,
    rows,
    frequencies: Uint8Array.from(rows.columns, () => 1 + Math.floor(4 * random())),
  };
}

export function latentColumns(): LatentColumns {
  const normal = gaussian(mulberry32(12));
  const factors = Float32Array.from({ length: WARM * DIMS }, () => 0.3 + normal());
  return {
    dims: DIMS,
    itemCount: WARM,
    ...quantiseRows(factors, DIMS),
    unobservedWeight: 0.1,
    regularization: 0.02,
  };
}

/** Every term has factors. */
export function itemTowerColumns(): ItemTowerColumns {
  const normal = gaussian(mulberry32(15));
  const factors = Float32Array.from({ length: TERMS * DIMS }, () => 0.2 * normal());
  return {
    dims: DIMS,
    termCount: TERMS,
    terms: Uint32Array.from({ length: TERMS }, (_, i) => i),
    ...quantiseRows(factors, DIMS),
  };
}

/** The item that scores no other item. */
export const SILENT = WARM - 1;
/** @returns the item that a like of this row scores highest */
export const spokenFor = (row: number): number => (row + 1) % WARM;

/** Every row except {@link SILENT} scores about a third of the others, positively or negatively. */
export function neighbourColumns(): NeighbourColumns {
  const random = mulberry32(13);
  const weights: number[] = [];
  const lists = Array.from({ length: WARM }, (_, row) => {
    if (row === SILENT) return [];
    const list = [...Array(WARM).keys()].filter((to) => to !== row && (to === spokenFor(row) || random() < 0.3));
    weights.push(...list.map((to) => (to === spokenFor(row) ? 127 : Math.round(60 * random()) - 20)));
    return list;
  });
  return {
    rows: toSparseRows(lists),
    weights: Int8Array.from(weights),
    scales: Float32Array.from({ length: WARM }, () => (0.5 + random()) / 100),
  };
}

/** An untrained user tower. */
export function userTower(dims = DIMS): Mlp {
  const normal = gaussian(mulberry32(14));
  const layer = (inputs: number, outputs: number, activation: 'relu' | 'none') => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => normal() / Math.sqrt(inputs)),
    bias: Float32Array.from({ length: outputs }, () => 0.1 * normal()),
    activation,
  });
  return { layers: [layer(towerInputs(dims), 16, 'relu'), layer(16, dims, 'none')] };
}

/** Falling, as in a catalog. */
export function popularityColumn(): Uint32Array {
  return Uint32Array.from({ length: SIZE }, (_, row) => Math.max(0, 900 - row * row));
}

export const item = (row: number, value = 1): Evidence => ({
  source: { kind: 'item', row },
  weight: Math.abs(value),
  sign: value > 0 ? 1 : -1,
  rows: [row],
  terms: [],
});

export const interest = (rows: number[], terms: number[], weight = 1): Evidence => ({
  source: { kind: 'interest', interest: 0 },
  weight,
  sign: 1,
  rows,
  members: rows,
  terms,
});
