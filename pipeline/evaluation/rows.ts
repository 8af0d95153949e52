import type { Mode, Signal } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';

/** One way to recommend, a row of every table. */
export interface Row {
  name: string;
  mode: Mode;
  options?: Parameters<Engine['recommend']>[1];
  /** The weight of the interaction at a place in the history, 0 for the first; 1 for all where this is absent. */
  value?: (position: number) => number;
  /** Set where the row is one signal by itself. */
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
/** What is recommended where nobody asks for anything else; the other rows are held against it. */
export const HYBRID: Row = { name: 'hybrid', mode: 'hybrid' };
/** The weights that the design found by hand, the same for everyone. */
export const HAND_WEIGHTED: Row = {
  name: 'hand-weighted',
  mode: 'hybrid',
  options: { weights: { latent: 0.4, neighbours: 0.4, content: 0.2 } },
};

/** Early feedback counts more: the first 10 interactions weigh 5, the next 40 weigh 2. */
function earlyFeedback(position: number): number {
  return position < 10 ? 5 : position < 50 ? 2 : 1;
}

/** All rows, the weakest idea first. A further row needs no more than a line here. */
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
  { name: 'hybrid, early × 5', mode: 'hybrid', value: earlyFeedback },
];

/** How many items of the history are given; null: all. */
export const LENGTHS = [1, 3, 5, 10, null] as const;
