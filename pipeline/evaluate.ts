import type { Mode, RecommendRequest } from '../lib/contracts/engine';
import { Engine } from '../lib/engine/engine';
import { mulberry32 } from '../lib/engine/random';
import { findPositiveAbove, likesByUser, prepareDataset } from './dataset';
import type { DomainFolder } from './domain-folder/read';
import { type TrainingOptions, trainModels } from './models';

/** Shares of the users and of a held-out user's items. */
const HELD_OUT_USERS = 0.1;
const HIDDEN_ITEMS = 0.2;

export interface HeldOutUser {
  history: string[];
  hidden: string[];
}

export interface Split {
  engine: Engine;
  test: HeldOutUser[];
  validation: HeldOutUser[];
}

/**
 * Strong generalisation (Liang et al. 2018): 10 % of the users are for testing, 10 % for validation, and nothing is
 * fitted on either; of each held-out user 20 % of the items are hidden and the rest given.
 */
export async function splitAndTrain(folder: DomainFolder, options: TrainingOptions): Promise<Split> {
  const { config, interactions, items } = folder;
  const random = mulberry32(options.seed);
  const likes = likesByUser(interactions, config.positiveAbove ?? findPositiveAbove(interactions.values));
  const users = Array.from(likes.keys()).filter((user) => likes[user].length >= config.minUserInteractions);
  shuffle(users, random);
  const heldOut = Math.floor(users.length * HELD_OUT_USERS);
  const training = new Set(users.slice(2 * heldOut));
  const dataset = prepareDataset(folder, (user) => training.has(user));
  const known = new Set(dataset.items.slice(0, dataset.warmItems).map(({ id }) => id));
  const hold = (user: number): HeldOutUser[] => {
    const ids = likes[user].map((item) => items[item].id).filter((id) => known.has(id));
    shuffle(ids, random);
    const hidden = Math.floor(ids.length * HIDDEN_ITEMS);
    return hidden === 0 || hidden === ids.length ? [] : [{ history: ids.slice(hidden), hidden: ids.slice(0, hidden) }];
  };
  const test = users.slice(0, heldOut).flatMap(hold);
  const validation = users.slice(heldOut, 2 * heldOut).flatMap(hold);
  const engine = new Engine(await trainModels(dataset, options), () => performance.now());
  return { engine, test, validation };
}

function shuffle<T>(values: T[], random: () => number): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
}

/** Normalised discounted cumulative gain with binary relevance, the ideal cut off at k. */
export function ndcg(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < k; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    if (rank < ranking.length && relevant.has(ranking[rank])) gain += discount;
    if (rank < relevant.size) ideal += discount;
  }
  return ideal === 0 ? 0 : gain / ideal;
}

export interface QualityRow {
  name: string;
  /** How many items of history were given; null: all. */
  length: number | null;
  users: number;
  ndcg10: number;
  ndcg100: number;
}

/** Mean NDCG of the engine over held-out users, their histories cut to `length` items (the last ones). */
export function measure(
  engine: Engine,
  users: readonly HeldOutUser[],
  name: string,
  options: { mode: Mode; length?: number | null } & Pick<RecommendRequest, 'alpha' | 'diversity'>,
): QualityRow {
  const { mode, alpha, diversity, length = null } = options;
  let [at10, at100] = [0, 0];
  for (const { history, hidden } of users) {
    const given = length === null ? history : history.slice(-length);
    const response = engine.recommend({
      mode,
      alpha,
      diversity,
      history: given.map((id) => ({ id })),
      topK: 100,
      withoutReasons: true,
    });
    const ranking = response.items.map(({ id }) => id);
    const relevant = new Set(hidden);
    at10 += ndcg(ranking, relevant, 10);
    at100 += ndcg(ranking, relevant, 100);
  }
  const count = Math.max(1, users.length);
  return { name, length, users: users.length, ndcg10: at10 / count, ndcg100: at100 / count };
}

/** Lengths of history at which the modes are compared; null: all that is given. */
const LENGTHS = [1, 3, 5, 10, null] as const;
/** Every mode, and hybrid with α held fixed, to tell whether the automatic one is well chosen. */
const COMPARED: readonly { name: string; mode: Mode; alpha?: number }[] = [
  { name: 'popular', mode: 'popular' },
  { name: 'content', mode: 'content' },
  { name: 'collaborative', mode: 'collaborative' },
  { name: 'hybrid', mode: 'hybrid' },
  ...[0.1, 0.2, 0.3, 0.5].map((alpha) => ({ name: `hybrid, α = ${alpha}`, mode: 'hybrid' as const, alpha })),
];

/**
 * Every mode at every length of history, over the test users or the first so many of them. What is chosen by these
 * figures must be chosen on the validation users.
 */
export async function qualityTable(
  folder: DomainFolder,
  options: TrainingOptions & { users?: number; on?: 'test' | 'validation' },
): Promise<QualityRow[]> {
  const split = await splitAndTrain(folder, options);
  const { engine } = split;
  const users = split[options.on ?? 'test'].slice(0, options.users);
  options.progress.start('Test users', LENGTHS.length * COMPARED.length);
  let done = 0;
  const rows = LENGTHS.flatMap((length) =>
    COMPARED.map(({ name, mode, alpha }) => {
      options.progress.update(done++);
      return measure(engine, users, name, { mode, alpha, length });
    }),
  );
  options.progress.stop();
  return rows;
}

/** The table as text, one line a mode and length. */
export function formatQuality(rows: readonly QualityRow[]): string {
  const lines = rows.map(
    ({ name, length, users, ndcg10, ndcg100 }) =>
      `${String(length ?? 'all').padStart(7)}  ${name.padEnd(16)}  ${ndcg10.toFixed(4)}  ${ndcg100.toFixed(4)}  ${users}`,
  );
  return ['history  mode              NDCG@10 @100    users', ...lines, ''].join('\n');
}
