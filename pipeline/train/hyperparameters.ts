import type { Training, TrainingChoice } from '../../lib/contracts/training';
import { foldIn } from '../../lib/engine/recommenders/fold-in';
import { gram } from '../../lib/math/linear-algebra';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { type SparseRows, transpose } from '../../lib/math/sparse';
import { TopK } from '../../lib/math/top-k';
import { ndcg } from '../metrics/ranking-metrics';
import { coordinateSearch, type Move, multiply } from './coordinate-search';
import { trainIals } from './train-ials';
import { trainNeighbours } from './train-neighbours';

/** The items of one validation user, by catalog row. */
interface ValidationCase {
  given: number[];
  hidden: number[];
}

export interface SearchOptions {
  seed: number;
  threads: number;
  /** Called for each setting that was measured. */
  onTried?: (model: 'latent' | 'neighbours', setting: object, quality: number) => void;
}

/** The starting point, which is good for films, songs and courses alike. */
const START: Training = {
  latent: { dims: 64, epochs: 12, unobservedWeight: 0.1, regularization: 0.003 },
  neighbours: { neighbours: 200, regularization: 30, dropout: 1 },
};
/** Enough users to distinguish settings. */
const MAX_USERS = 500;
const HIDDEN_SHARE = 0.2;
/** Fewer epochs than the final training: the order of the settings is stable by then. */
const EPOCHS = 6;
/** Larger data sets are reduced to a sample of their users. */
const MAX_INTERACTIONS = 1_500_000;
/** The deeper cutoff of NDCG. */
const DEPTH = 100;

const LATENT_MOVES: Move<Training['latent']>[] = [
  multiply('unobservedWeight', 3),
  multiply('unobservedWeight', 1 / 3),
  multiply('regularization', 3),
  multiply('regularization', 1 / 3),
];
const NEIGHBOURS_MOVES: Move<Training['neighbours']>[] = [
  multiply('regularization', 3),
  multiply('regularization', 1 / 3),
  (setting) => ({ ...setting, dropout: setting.dropout === 0 ? 0.5 : setting.dropout * 2 }),
  (setting) => ({ ...setting, dropout: setting.dropout <= 0.25 ? 0 : setting.dropout / 2 }),
];

/**
 * Finds hyperparameters for a data set by coordinate search on validation users. The quality of a setting is the mean
 * of NDCG@10 and NDCG@100 of the model alone, over whole histories. (Short histories need more regularisation, but
 * there the user tower and popularity help.)
 *
 * @param likes of the training users
 * @param users likes of the validation users, by catalog row
 * @param choice values that are fixed
 */
export async function searchHyperparameters(
  likes: SparseRows,
  itemCount: number,
  users: readonly number[][],
  choice: TrainingChoice,
  options: SearchOptions,
): Promise<Training> {
  const { seed, onTried = () => {} } = options;
  const cases = splitCases(users, seed);
  const rows = sampleUsers(likes, seed);
  const columns = transpose(rows, itemCount);
  const latent = await coordinateSearch(
    { ...START.latent, ...choice.latent },
    isOpen(choice.latent, ['unobservedWeight', 'regularization']) && cases.length > 0 ? LATENT_MOVES : [],
    choice.latent,
    async (setting) => {
      const quality = await latentQuality(rows, columns, cases, { ...setting, epochs: EPOCHS }, options);
      onTried('latent', setting, quality);
      return quality;
    },
  );
  const neighbours = await coordinateSearch(
    { ...START.neighbours, ...choice.neighbours },
    isOpen(choice.neighbours, ['regularization', 'dropout']) && cases.length > 0 ? NEIGHBOURS_MOVES : [],
    choice.neighbours,
    async (setting) => {
      const quality = await neighboursQuality(rows, columns, cases, setting, options);
      onTried('neighbours', setting, quality);
      return quality;
    },
  );
  return { latent, neighbours };
}

const isOpen = (choice: object, keys: string[]): boolean => keys.some((key) => !(key in choice));

/** Hides 20 % of each user's items. Users with too few items are left out. */
function splitCases(users: readonly number[][], seed: number): ValidationCase[] {
  const random = mulberry32(seed);
  return users.slice(0, MAX_USERS).flatMap((likes) => {
    const rows = [...likes];
    shuffle(rows, random);
    const hidden = Math.floor(rows.length * HIDDEN_SHARE);
    if (hidden === 0) return [];
    return [{ given: rows.slice(hidden), hidden: rows.slice(0, hidden) }];
  });
}

/** A random sample of the users with about `MAX_INTERACTIONS` interactions. */
function sampleUsers(likes: SparseRows, seed: number): SparseRows {
  if (likes.columns.length <= MAX_INTERACTIONS) return likes;
  const users = Array.from({ length: likes.offsets.length - 1 }, (_, user) => user);
  shuffle(users, mulberry32(seed));
  const lists: Uint32Array[] = [];
  for (let i = 0, total = 0; total < MAX_INTERACTIONS; i++) {
    lists.push(likes.columns.subarray(likes.offsets[users[i]], likes.offsets[users[i] + 1]));
    total += lists[i].length;
  }
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i] + list.length;
  });
  const columns = new Uint32Array(offsets[lists.length]);
  for (const [i, list] of lists.entries()) columns.set(list, offsets[i]);
  return { offsets, columns };
}

async function latentQuality(
  rows: SparseRows,
  columns: SparseRows,
  cases: readonly ValidationCase[],
  setting: Training['latent'],
  { seed, threads }: SearchOptions,
): Promise<number> {
  const { dims, unobservedWeight, regularization } = setting;
  const { itemFactors } = await trainIals(rows, columns, { ...setting, seed, threads });
  const itemCount = columns.offsets.length - 1;
  const parameters = { dims, unobservedWeight, regularization, itemCount, gram: gram(itemFactors, dims) };
  const vector = (row: number) => itemFactors.subarray(row * dims, (row + 1) * dims);
  return meanQuality(cases, itemCount, (given, scores) => {
    const user = foldIn(
      parameters,
      given.map((row) => ({ vector: vector(row), weight: 1, target: 1 })),
    ).factors;
    for (let row = 0; row < itemCount; row++) {
      const base = row * dims;
      for (let d = 0; d < dims; d++) scores[row] += user[d] * itemFactors[base + d];
    }
  });
}

async function neighboursQuality(
  rows: SparseRows,
  columns: SparseRows,
  cases: readonly ValidationCase[],
  setting: Training['neighbours'],
  { threads }: SearchOptions,
): Promise<number> {
  const model = await trainNeighbours(rows, columns, { ...setting, maxWeights: Number.POSITIVE_INFINITY, threads });
  return meanQuality(cases, columns.offsets.length - 1, (given, scores) => {
    for (const row of given)
      for (let i = model.rows.offsets[row]; i < model.rows.offsets[row + 1]; i++) {
        const target = model.rows.columns[i];
        scores[target] += model.weights[i] * model.scales[target];
      }
  });
}

/** The mean quality over users. @param score adds the score of each item to an array of zeros */
function meanQuality(
  cases: readonly ValidationCase[],
  itemCount: number,
  score: (given: number[], scores: Float64Array) => void,
): number {
  let sum = 0;
  const scores = new Float64Array(itemCount);
  for (const { given, hidden } of cases) {
    scores.fill(0);
    score(given, scores);
    for (const row of given) scores[row] = Number.NEGATIVE_INFINITY;
    const best = new TopK(DEPTH);
    for (let row = 0; row < itemCount; row++) if (scores[row] > best.threshold) best.push(row, scores[row]);
    const ranking = Array.from(best.drain(), String);
    const relevant = new Set(hidden.map(String));
    sum += (ndcg(ranking, relevant, 10) + ndcg(ranking, relevant, DEPTH)) / 2;
  }
  return sum / cases.length;
}
