import { toRagged } from '../../format/container';
import type { ContentColumns } from '../../format/content';
import { type LatentColumns, quantiseRows } from '../../format/latent';
import { gaussian, mulberry32 } from '../random';
import type { Evidence } from '../recommenders/recommender';

/** A made-up catalog of 40 items, the first 28 with factors; item 39 has no terms. Seeded. */
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
  const rows = toRagged(lists);
  const documentFrequency = new Uint32Array(TERMS);
  for (const term of rows.values) documentFrequency[term]++;
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
    frequencies: Uint8Array.from(rows.values, () => 1 + Math.floor(4 * random())),
  };
}

export function latentColumns(): LatentColumns {
  const normal = gaussian(mulberry32(12));
  const factors = Float32Array.from({ length: WARM * DIMS }, () => 0.3 + normal());
  return { dims: DIMS, itemCount: WARM, ...quantiseRows(factors, DIMS), unobservedWeight: 0.1, regularization: 0.02 };
}

/** In falling order, as the catalog is. */
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
  terms,
});
