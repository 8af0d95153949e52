import type { Training, TrainingChoice } from '../../lib/contracts/training';
import { foldIn } from '../../lib/engine/recommenders/fold-in';
import { gram } from '../../lib/math/linear-algebra';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { type SparseRows, transpose } from '../../lib/math/sparse';
import { TopK } from '../../lib/math/top-k';
import { ndcg } from '../metrics/ranking-metrics';
import { trainIals } from './ials';
import { trainNeighbours } from './neighbours';

/** One user of the search: which items are given, and which are to be found, by catalog row. */
interface Trial {
  given: number[];
  hidden: number[];
}

export interface SearchOptions {
  seed: number;
  threads: number;
  /** Hears of every setting that was tried, with its quality. */
  onTried?: (model: 'latent' | 'neighbours', setting: object, quality: number) => void;
}

/** What the search begins with; good on films, songs and courses alike. */
const START: Training = {
  latent: { dims: 64, epochs: 12, unobservedWeight: 0.1, regularization: 0.003 },
  neighbours: { neighbours: 200, regularization: 30, dropout: 1 },
};
/** A setting must be better by this share to be taken: smaller differences are chance. */
const LEAST_GAIN = 0.003;
/** Enough to tell settings apart, and cheap to ask. */
const MOST_TRIALS = 500;
const HIDDEN = 0.2;
/** Fewer epochs than the final training: the order of the settings shows early. */
const EPOCHS = 6;
/** More interactions than this are sampled by user. */
const MOST_INTERACTIONS = 1_500_000;
const RANKED = 100;

type Move<T> = (setting: T) => T;
const times =
  <T, K extends keyof T>(key: K, factor: number): Move<T> =>
  // Rounded, so that there and back again is the same setting.
  (setting) => ({ ...setting, [key]: Number(((setting[key] as number) * factor).toPrecision(3)) });

const LATENT_MOVES: Move<Training['latent']>[] = [
  times('unobservedWeight', 3),
  times('unobservedWeight', 1 / 3),
  times('regularization', 3),
  times('regularization', 1 / 3),
];
const NEIGHBOURS_MOVES: Move<Training['neighbours']>[] = [
  times('regularization', 3),
  times('regularization', 1 / 3),
  (setting) => ({ ...setting, dropout: setting.dropout === 0 ? 0.5 : setting.dropout * 2 }),
  (setting) => ({ ...setting, dropout: setting.dropout <= 0.25 ? 0 : setting.dropout / 2 }),
];

/**
 * Hyperparameters for a data set, by coordinate search on validation users: from a starting point, one parameter at a
 * time, as long as the quality of the model alone rises: the mean of NDCG@10 and NDCG@100 over whole histories. (Short
 * ones want more regularisation, but there the user tower and popularity help.) What `choice` sets is not searched for.
 *
 * @param likes of training users; @param users likes of validation users, by catalog row
 */
export async function searchTraining(
  likes: SparseRows,
  itemCount: number,
  users: readonly number[][],
  choice: TrainingChoice,
  options: SearchOptions,
): Promise<Training> {
  const { seed, onTried = () => {} } = options;
  const trials = drawTrials(users, seed);
  const rows = sampleUsers(likes, seed);
  const columns = transpose(rows, itemCount);
  const latent = await climb(
    { ...START.latent, ...choice.latent },
    isOpen(choice.latent, ['unobservedWeight', 'regularization']) && trials.length > 0 ? LATENT_MOVES : [],
    choice.latent,
    async (setting) => {
      const quality = await latentQuality(rows, columns, trials, { ...setting, epochs: EPOCHS }, options);
      onTried('latent', setting, quality);
      return quality;
    },
  );
  const neighbours = await climb(
    { ...START.neighbours, ...choice.neighbours },
    isOpen(choice.neighbours, ['regularization', 'dropout']) && trials.length > 0 ? NEIGHBOURS_MOVES : [],
    choice.neighbours,
    async (setting) => {
      const quality = await neighboursQuality(rows, columns, trials, setting, options);
      onTried('neighbours', setting, quality);
      return quality;
    },
  );
  return { latent, neighbours };
}

const isOpen = (choice: object, keys: string[]): boolean => keys.some((key) => !(key in choice));

/** Takes any move that helps and tries the others again from there, until none helps. */
async function climb<T extends object>(
  start: T,
  moves: readonly Move<T>[],
  fixed: Partial<T>,
  measure: (setting: T) => Promise<number>,
): Promise<T> {
  if (moves.length === 0) return start;
  const known = new Map<string, number>();
  const quality = async (setting: T): Promise<number> => {
    const key = JSON.stringify(setting);
    const value = known.get(key) ?? (await measure(setting));
    known.set(key, value);
    return value;
  };
  let best = start;
  for (let stale = 0, next = 0; stale < moves.length; next = (next + 1) % moves.length) {
    const moved: T = { ...moves[next](best), ...fixed };
    if ((await quality(moved)) > (await quality(best)) * (1 + LEAST_GAIN)) {
      best = moved;
      stale = 0;
      // The same step again: what helped once may help twice.
      next--;
    } else stale++;
  }
  return best;
}

function drawTrials(users: readonly number[][], seed: number): Trial[] {
  const random = mulberry32(seed);
  return users.slice(0, MOST_TRIALS).flatMap((likes) => {
    const rows = [...likes];
    shuffle(rows, random);
    const hidden = Math.floor(rows.length * HIDDEN);
    if (hidden === 0) return [];
    return [{ given: rows.slice(hidden), hidden: rows.slice(0, hidden) }];
  });
}

function sampleUsers(likes: SparseRows, seed: number): SparseRows {
  if (likes.columns.length <= MOST_INTERACTIONS) return likes;
  const users = Array.from({ length: likes.offsets.length - 1 }, (_, user) => user);
  shuffle(users, mulberry32(seed));
  const lists: Uint32Array[] = [];
  for (let i = 0, total = 0; total < MOST_INTERACTIONS; i++) {
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
  trials: readonly Trial[],
  setting: Training['latent'],
  { seed, threads }: SearchOptions,
): Promise<number> {
  const { dims, unobservedWeight, regularization } = setting;
  const { itemFactors } = await trainIals(rows, columns, { ...setting, seed, threads });
  const itemCount = columns.offsets.length - 1;
  const parameters = { dims, unobservedWeight, regularization, itemCount, gram: gram(itemFactors, dims) };
  const vector = (row: number) => itemFactors.subarray(row * dims, (row + 1) * dims);
  return meanQuality(trials, itemCount, (given, scores) => {
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
  trials: readonly Trial[],
  setting: Training['neighbours'],
  { threads }: SearchOptions,
): Promise<number> {
  const model = await trainNeighbours(rows, columns, { ...setting, mostWeights: Number.POSITIVE_INFINITY, threads });
  return meanQuality(trials, columns.offsets.length - 1, (given, scores) => {
    for (const row of given)
      for (let i = model.rows.offsets[row]; i < model.rows.offsets[row + 1]; i++) {
        const target = model.rows.columns[i];
        scores[target] += model.weights[i] * model.scales[target];
      }
  });
}

/** @param score adds each item's score to an array of zeros */
function meanQuality(
  trials: readonly Trial[],
  itemCount: number,
  score: (given: number[], scores: Float64Array) => void,
): number {
  let sum = 0;
  const scores = new Float64Array(itemCount);
  for (const { given, hidden } of trials) {
    scores.fill(0);
    score(given, scores);
    for (const row of given) scores[row] = Number.NEGATIVE_INFINITY;
    const best = new TopK(RANKED);
    for (let row = 0; row < itemCount; row++) if (scores[row] > best.threshold) best.push(row, scores[row]);
    const ranking = Array.from(best.drain(), String);
    const relevant = new Set(hidden.map(String));
    sum += (ndcg(ranking, relevant, 10) + ndcg(ranking, relevant, RANKED)) / 2;
  }
  return sum / trials.length;
}
