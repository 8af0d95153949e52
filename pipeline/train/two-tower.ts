import type { Evidence } from '../../lib/engine/recommenders/recommender';
import { type TowerEvidence, towerInput, towerInputs } from '../../lib/engine/recommenders/user-tower';
import type { Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import type { SparseRows } from '../../lib/math/sparse';
import { Adam, addGradients, forwardKept, parametersOf, zerosLike } from './gradients';

/** What the towers are trained on. */
export interface TwoTowerData {
  /** Interactions by user, warm items only. */
  likes: SparseRows;
  /** The id part of the item tower: trained factors, items × dims. */
  itemFactors: Float32Array;
  dims: number;
  /** The content part of the item tower, items × dims: what their terms alone say. */
  contentFactors: Float32Array;
  /** Interactions by item. */
  counts: ArrayLike<number>;
  /** Items like each item, from which hard negatives are drawn. */
  similar: SparseRows;
  /** For each interest, the direction that stands for it in the latent space, and the items that belong to it. */
  interests: readonly { vector: Float32Array; items: ReadonlySet<number> }[];
}

export interface TwoTowerOptions {
  seed: number;
  /** Examples seen in all. */
  examples: number;
  onBatch?: (examples: number, loss: number) => void;
}

const HIDDEN = 128;
const BATCH = 64;
const RANDOM_NEGATIVES = 192;
/** Per example: items like those of its history, which it does not have. */
const HARD_NEGATIVES = 2;
const RATE = 2e-3;
/** How often an item of the softmax is seen by its content alone, so that the tower works for cold items too. */
const ID_DROPOUT = 0.1;
/** Histories are cut to 0 … 5 items this often, else anywhere. */
const SHORT_SHARE = 0.7;
const LONGEST_SHORT = 5;
/** More of a long history than this changes little and costs much. */
const LONGEST = 40;
const INTERESTS_SHARE = 0.25;
const MOST_INTERESTS = 3;
/** Scores of the softmax per unit of the inner product, in iALS's own units, where 1 is "chosen". */
const SCALE = 8;

/** One example: a user with part of the history, and one further item that the user likes. */
export interface Example {
  input: Float32Array;
  positive: number;
  /** Everything the user likes; never a negative. */
  known: ReadonlySet<number>;
}

/** The items of one softmax, with the logarithm of how often each is expected to be drawn. */
export interface Pool {
  items: number[];
  /** Vectors of the items as this batch sees them, items × dims. */
  vectors: Float32Array;
  logQ: Float64Array;
}

/** A user tower before training. Its output is small, so that at first every item is as likely as its logQ says. */
export function initialTower(dims: number, seed: number, inputScale: number): Mlp {
  const normal = gaussian(mulberry32(seed));
  const layer = (inputs: number, outputs: number, scale: number, activation: 'relu' | 'none') => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => normal() * scale * Math.sqrt(2 / inputs)),
    bias: new Float32Array(outputs),
    activation,
  });
  return { layers: [layer(towerInputs(dims), HIDDEN, inputScale, 'relu'), layer(HIDDEN, dims, 0.1, 'none')] };
}

/**
 * The loss of one example and its gradient by the user's vector: sampled softmax (Jean et al. 2015) with the correction of
 * Yi et al. 2019, −log softmax over the pool of SCALE · u·v − log Q, items that the user likes left out but the positive.
 */
export function sampledSoftmax(
  user: ArrayLike<number>,
  { positive, known }: Pick<Example, 'positive' | 'known'>,
  { items, vectors, logQ }: Pool,
): { loss: number; gradient: Float32Array } {
  const dims = user.length;
  const count = items.length;
  const logits = new Float64Array(count);
  let highest = Number.NEGATIVE_INFINITY;
  let target = -1;
  for (let i = 0; i < count; i++) {
    // The positive counts once; what else the user likes is no negative.
    if (items[i] === positive ? target >= 0 : known.has(items[i])) {
      logits[i] = Number.NEGATIVE_INFINITY;
      continue;
    }
    if (items[i] === positive) target = i;
    const start = i * dims;
    let product = 0;
    for (let d = 0; d < dims; d++) product += user[d] * vectors[start + d];
    logits[i] = SCALE * product - logQ[i];
    if (logits[i] > highest) highest = logits[i];
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(logits[i] - highest);
  const gradient = new Float32Array(dims);
  for (let i = 0; i < count; i++) {
    const slope = SCALE * (Math.exp(logits[i] - highest) / sum - (i === target ? 1 : 0));
    if (slope === 0) continue;
    const start = i * dims;
    for (let d = 0; d < dims; d++) gradient[d] += slope * vectors[start + d];
  }
  return { loss: highest + Math.log(sum) - logits[target], gradient };
}

/**
 * The user tower of a two-tower model (Covington et al. 2016; Yi et al. 2019): pooled history, recency, dislikes and
 * stated interests in, a vector of the latent space out, against an item tower of content and id. Negatives are the
 * other positives of the batch, items at random, and items like those of the history. Histories are dropped down to few
 * items or none, since that is where the tower is needed.
 */
export function trainUserTower(data: TwoTowerData, { seed, examples, onBatch }: TwoTowerOptions): Mlp {
  const { likes, itemFactors, dims } = data;
  const random = mulberry32(seed);
  const users = eligibleUsers(likes);
  const rms = Math.sqrt(itemFactors.reduce((sum, value) => sum + value * value, 0) / Math.max(1, itemFactors.length));
  const tower = initialTower(dims, seed, 1 / (rms || 1) / 2);
  if (users.length === 0) return tower;
  const gradients = zerosLike(tower);
  const slopes = parametersOf(gradients);
  const adam = new Adam(parametersOf(tower));
  const batches = Math.ceil(examples / BATCH);
  let running = 0;
  for (let batch = 0; batch < batches; batch++) {
    const drawn = Array.from({ length: BATCH }, () => drawExample(data, users, random));
    const pool = drawPool(data, drawn, random);
    let loss = 0;
    for (const example of drawn) {
      const kept = forwardKept(tower, example.input);
      const result = sampledSoftmax(kept[kept.length - 1], example, pool);
      loss += result.loss / BATCH;
      addGradients(
        tower,
        kept,
        result.gradient.map((value) => value / BATCH),
        gradients,
      );
    }
    adam.step(slopes, (RATE / 2) * (1 + Math.cos((Math.PI * batch) / batches)));
    running = batch === 0 ? loss : 0.98 * running + 0.02 * loss;
    if (batch % 100 === 0) onBatch?.(batch * BATCH, running);
  }
  return tower;
}

/** Users with something to give and something to find. */
function eligibleUsers({ offsets }: SparseRows): number[] {
  return Array.from({ length: offsets.length - 1 }, (_, user) => user).filter(
    (user) => offsets[user + 1] - offsets[user] >= 2,
  );
}

function drawExample(
  { likes, itemFactors, dims, interests }: TwoTowerData,
  users: number[],
  random: () => number,
): Example {
  const user = users[Math.floor(random() * users.length)];
  const rows = Array.from(likes.columns.subarray(likes.offsets[user], likes.offsets[user + 1]));
  const most = Math.min(LONGEST, rows.length - 1);
  const length = Math.floor(random() * (1 + (random() < SHORT_SHARE ? Math.min(LONGEST_SHORT, most) : most)));
  // Only as many as are needed are shuffled to the front.
  for (let i = 0; i <= length; i++) {
    const j = i + Math.floor(random() * (rows.length - i));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const known = new Set(rows);
  const evidence = rows.slice(1, length + 1).map((row, index): TowerEvidence => {
    const entry: Evidence = { source: { kind: 'item', row }, weight: 1, sign: 1, rows: [row], terms: [] };
    return { entry, index, vector: itemFactors.subarray(row * dims, (row + 1) * dims) };
  });
  if (random() < INTERESTS_SHARE) evidence.push(...drawInterests(interests, known, length, random));
  return { input: towerInput(evidence, dims), positive: rows[0], known };
}

/** Interests that the user might have stated: some of those that most of the liked items belong to. */
function drawInterests(
  interests: TwoTowerData['interests'],
  known: ReadonlySet<number>,
  likes: number,
  random: () => number,
): TowerEvidence[] {
  const shares = interests.map(({ items }) => {
    let shared = 0;
    for (const row of known) if (items.has(row)) shared++;
    return shared;
  });
  const order = Array.from(interests.keys())
    .filter((interest) => shares[interest] > 0)
    .sort((a, b) => shares[b] - shares[a]);
  const stated = order.slice(0, 1 + Math.floor(random() * MOST_INTERESTS));
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

function drawPool(data: TwoTowerData, drawn: readonly Example[], random: () => number): Pool {
  const { itemFactors, contentFactors, dims, counts, similar, likes } = data;
  const itemCount = itemFactors.length / dims;
  const total = likes.columns.length;
  const items = drawn.map(({ positive }) => positive);
  for (let i = 0; i < RANDOM_NEGATIVES; i++) items.push(Math.floor(random() * itemCount));
  for (const { known } of drawn) {
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
  // Hard negatives come about as often as what is popular does.
  const popular = drawn.length * (1 + HARD_NEGATIVES);
  const logQ = Float64Array.from(items, (item) =>
    Math.log((popular * counts[item]) / total + RANDOM_NEGATIVES / itemCount),
  );
  return { items, vectors, logQ };
}
