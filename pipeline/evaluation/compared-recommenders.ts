import type { Mode, Signal } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';

/** One way to recommend: a row of every table. */
export interface Row {
  name: string;
  mode: Mode;
  options?: Parameters<Engine['recommend']>[1];
  /**
   * The value of the interaction at a position in the history, which starts at 0. All values are 1 if this is absent.
   */
  value?: (position: number) => number;
  /** Set if the row is a single signal. */
  signal?: Signal;
}

export const POPULAR: Row = { name: 'popular', mode: 'popular', signal: 'popular' };
export const CONTENT: Row = { name: 'content', mode: 'content', signal: 'content' };
export const LATENT: Row = {
  name: 'latent alone',
  mode: 'hybrid',
  options: { weights: { latent: 1 } },
  signal: 'latent',
};
/** The product's default. All other rows are compared with it. */
export const HYBRID: Row = { name: 'hybrid', mode: 'hybrid' };
/** Weights that were tuned by hand, the same for every user. */
export const HAND_WEIGHTED: Row = {
  name: 'hand-weighted',
  mode: 'hybrid',
  options: { weights: { latent: 0.4, neighbours: 0.4, content: 0.2 } },
};

/** Weights early feedback higher: 5 for the first 10 interactions, 2 for the next 40. */
function weightEarlyFeedback(position: number): number {
  return position < 10 ? 5 : position < 50 ? 2 : 1;
}

/** All rows, the simplest first. To add a row, add a line here. */
export const ROWS: readonly Row[] = [
  POPULAR,
  CONTENT,
  LATENT,
  { name: 'neighbours alone', mode: 'hybrid', options: { weights: { neighbours: 1 } }, signal: 'neighbours' },
  { name: 'collaborative', mode: 'collaborative' },
  HAND_WEIGHTED,
  HYBRID,
  { name: 'latent, fold-in', mode: 'hybrid', options: { weights: { latent: 1 }, latentUser: 'fold-in' } },
  { name: 'latent, tower', mode: 'hybrid', options: { weights: { latent: 1 }, latentUser: 'tower' } },
  { name: 'hybrid, early × 5', mode: 'hybrid', value: weightEarlyFeedback },
];

/** How many items of the history are given; null means all. */
export const LENGTHS = [1, 2, 3, 5, 10, null] as const;
