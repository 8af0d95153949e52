import type { Evidence } from '../../lib/engine/recommenders/recommender';
import { type TowerEvidence, towerInput } from '../../lib/engine/recommenders/user-tower';
import type { SparseRows } from '../../lib/math/sparse';

/** The training data of the user tower. */
export interface TowerData {
  /** Interactions by user, warm items only. */
  likes: SparseRows;
  /** The id part of the item tower: trained factors, items × dims. */
  itemFactors: Float32Array;
  dims: number;
  /** The content part of the item tower: factors predicted from terms, items × dims. */
  contentFactors: Float32Array;
  /** Number of interactions by item. */
  counts: ArrayLike<number>;
  /** Similar items of each item. Hard negatives are sampled from them. */
  similar: SparseRows;
  /** The vector of each interest in the latent space, and the items that belong to it. */
  interests: readonly { vector: Float32Array; items: ReadonlySet<number> }[];
}

/** Random negatives per batch. */
const RANDOM_NEGATIVES = 192;
/** Negatives per example that are similar to items of the user's history. */
const HARD_NEGATIVES = 2;
/**
 * Share of the pool items that use their content vector instead of their factors, so that the tower suits cold items.
 */
const ID_DROPOUT = 0.1;
/** Share of the histories that are cut to 0 … 5 items; the others are cut to any length. */
const SHORT_SHARE = 0.7;
const MAX_SHORT_LENGTH = 5;
/** Longer histories change little and cost much. */
const MAX_LENGTH = 40;
/** Share of the examples with stated interests. */
const INTERESTS_SHARE = 0.25;
const MAX_INTERESTS = 3;

/** One example: the tower's input for a part of a user's history, and one more item that the user likes. */
export interface TowerExample {
  input: Float32Array;
  positive: number;
  /** All items that the user likes; none of them is a negative. */
  known: ReadonlySet<number>;
}

/** The items of one sampled softmax. */
export interface SoftmaxPool {
  items: number[];
  /** Vectors of the items in this batch, items × dims. */
  vectors: Float32Array;
  /** Logarithm of the expected number of occurrences of each item. */
  logQ: Float64Array;
}

/** Users with at least one item to give and one to find. */
export function eligibleUsers({ offsets }: SparseRows): number[] {
  return Array.from({ length: offsets.length - 1 }, (_, user) => user).filter(
    (user) => offsets[user + 1] - offsets[user] >= 2,
  );
}

/** Samples an example. @param users from {@link eligibleUsers} */
export function sampleExample(
  { likes, itemFactors, dims, interests }: TowerData,
  users: number[],
  random: () => number,
): TowerExample {
  const user = users[Math.floor(random() * users.length)];
  const rows = Array.from(likes.columns.subarray(likes.offsets[user], likes.offsets[user + 1]));
  const max = Math.min(MAX_LENGTH, rows.length - 1);
  const length = Math.floor(random() * (1 + (random() < SHORT_SHARE ? Math.min(MAX_SHORT_LENGTH, max) : max)));
  // A partial shuffle: only the first items are used.
  for (let i = 0; i <= length; i++) {
    const j = i + Math.floor(random() * (rows.length - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const known = new Set(rows);
  const evidence = rows.slice(1, length + 1).map((row, index): TowerEvidence => {
    const entry: Evidence = { source: { kind: 'item', row }, weight: 1, sign: 1, rows: [row], terms: [] };
    return { entry, index, vector: itemFactors.subarray(row * dims, (row + 1) * dims) };
  });
  if (random() < INTERESTS_SHARE) evidence.push(...sampleInterests(interests, known, length, random));
  return { input: towerInput(evidence, dims), positive: rows[0], known };
}

/** Samples interests that the user might have stated: the first of those that most liked items belong to. */
function sampleInterests(
  interests: TowerData['interests'],
  known: ReadonlySet<number>,
  likes: number,
  random: () => number,
): TowerEvidence[] {
  const likedItems = interests.map(({ items }) => {
    let count = 0;
    for (const row of known) if (items.has(row)) count++;
    return count;
  });
  const order = Array.from(interests.keys())
    .filter((interest) => likedItems[interest] > 0)
    .sort((a, b) => likedItems[b] - likedItems[a]);
  const stated = order.slice(0, 1 + Math.floor(random() * MAX_INTERESTS));
  return stated.map((interest, i) => ({
    entry: {
      source: { kind: 'interest', interest },
      weight: 2 / stated.length / (1 + likes / 4),
      sign: 1,
      rows: [],
      terms: [],
    },
    index: likes + i,
    vector: interests[interest].vector,
  }));
}

/** Samples the pool of a batch: the positives of all its examples, random items, and items similar to liked ones. */
export function samplePool(data: TowerData, examples: readonly TowerExample[], random: () => number): SoftmaxPool {
  const { itemFactors, contentFactors, dims, counts, similar, likes } = data;
  const itemCount = itemFactors.length / dims;
  const total = likes.columns.length;
  const items = examples.map(({ positive }) => positive);
  for (let i = 0; i < RANDOM_NEGATIVES; i++) items.push(Math.floor(random() * itemCount));
  for (const { known } of examples) {
    const rows = [...known];
    for (let i = 0; i < HARD_NEGATIVES; i++) {
      const row = rows[Math.floor(random() * rows.length)];
      const [begin, end] = [similar.offsets[row], similar.offsets[row + 1]];
      if (end > begin) items.push(similar.columns[begin + Math.floor(random() * (end - begin))]);
    }
  }
  const vectors = new Float32Array(items.length * dims);
  items.forEach((item, i) => {
    const source = random() < ID_DROPOUT ? contentFactors : itemFactors;
    vectors.set(source.subarray(item * dims, (item + 1) * dims), i * dims);
  });
  // Hard negatives are about as frequent as popular items, like the positives.
  const byPopularity = examples.length * (1 + HARD_NEGATIVES);
  const logQ = Float64Array.from(items, (item) =>
    Math.log((byPopularity * counts[item]) / total + RANDOM_NEGATIVES / itemCount),
  );
  return { items, vectors, logQ };
}
