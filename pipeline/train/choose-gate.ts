import { SIGNALS } from '../../lib/contracts/engine';
import { toWeights } from '../../lib/engine/ranking/gate';
import { forward, type Mlp } from '../../lib/math/mlp';
import { TopK } from '../../lib/math/top-k';
import { ndcg } from '../metrics/ranking-metrics';
import type { GateCase } from './gate-examples';
import { trainGate } from './train-gate';

/**
 * How far popularity is divided out of the gain of a hidden like where one item is named: gain (n + 1)^−β (Steck 2011).
 * 0 rewards what most people like whatever was named.
 */
const POWER = 1;
/** What each of the most popular items costs in a list where one item is named, if it was not asked for. */
const HEAD_COSTS = [0, 0.005, 0.01, 0.02];
/** Of the first 20 for one item named, at most this share may be among the 50 most popular. */
const MAX_HEAD_SHARE = 0.09;
const LIST = 20;
/** The correction is halved at so many likes, and fades with this power of them. */
const HALF_LIKES = 2;
const FADE = 8;
/** A cost below this changes nothing but the time of training. */
const MIN_COST = 1e-3;
/** Judged examples are repeated until they are as many as those of users with one like, but at most so often. */
const MAX_REPEATS = 6;
/** Likes up to which a history is counted as "one", "three", "ten" in the curve. */
const LENGTHS = [1, 3, 10, Number.POSITIVE_INFINITY];

/** What one setting of the gate costs and gains, on requests that it was not trained on. */
export interface GatePoint {
  /** What each of the most popular items costs in a list for one item, in units of the gain of an unpopular one. */
  headCost: number;
  /** Share of judged pairs found in the first 20; null without judged pairs. */
  relatedRecall20: number | null;
  /** Share of the first 20 for one item named that are among the 50 most popular. */
  headShare20: number;
  /** NDCG@10 of hidden likes by length of history: 1; 2 and 3; 4 to 10; more. Null where there are none. */
  ndcg10: (number | null)[];
}

/**
 * Trains the gate for both of its jobs: related items where little is known, what a person will want where much is. The
 * correction of popularity fades with the length of the history. Of several costs of popular items the smallest is
 * chosen whose lists for one item named are not these, or else the one with the fewest of them, on half of the examples
 * after training on the other half. The gate that ships is trained on all.
 */
export function chooseGate(
  users: readonly GateCase[],
  judged: readonly GateCase[],
  seed: number,
): { gate: Mlp; headCost: number; curve: GatePoint[] } {
  const [fitUsers, heldUsers] = halves(users);
  const [fitJudged, heldJudged] = halves(judged);
  const curve = HEAD_COSTS.map((headCost) => {
    const gate = trainGate(examplesFor(fitUsers, fitJudged, headCost), seed);
    return measureGate(gate, heldUsers, heldJudged, headCost);
  });
  const fewest = curve.toSorted((a, b) => a.headShare20 - b.headShare20)[0];
  const { headCost } = curve.find(({ headShare20 }) => headShare20 <= MAX_HEAD_SHARE) ?? fewest;
  return { gate: trainGate(examplesFor(users, judged, headCost), seed), headCost, curve };
}

/** Two halves, each of other users: the examples of one user are next to each other. */
function halves<T>(all: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}

/** The examples with the gains of their relevant items; judged ones repeated. */
function examplesFor(users: readonly GateCase[], judged: readonly GateCase[], headCost: number): GateCase[] {
  const single = users.filter(({ kind, likes }) => kind === 'user' && likes === 1).length;
  const repeats = judged.length === 0 ? 0 : Math.min(MAX_REPEATS, Math.max(1, Math.round(single / judged.length)));
  const [ofUsers, ofJudged] = [users, judged].map((some) => some.map((example) => withGains(example, headCost)));
  return [...ofUsers, ...Array.from({ length: repeats }, () => ofJudged).flat()];
}

/**
 * The example with a gain for each relevant item, (n + 1)^(−β · novice) over the largest of them, and with a negative
 * one for each popular item that is not relevant. Novice is 0.996 for one like, ½ for two, 0.04 for three and 0.004 for
 * four. Judged pairs have a gain of 1 each: people related them whatever their popularity.
 */
function withGains(example: GateCase, headCost: number): GateCase {
  const { kind, likes, popularity, relevant, head } = example;
  const novice = 1 / (1 + (Math.max(1, likes) / HALF_LIKES) ** FADE);
  const raw = popularity.map((count) => (kind === 'judged' ? 1 : (count + 1) ** (-POWER * novice)));
  const most = Math.max(...raw);
  const cost = kind === 'interest' ? 0 : headCost * novice;
  const unwanted = cost < MIN_COST ? [] : head.filter((i) => !relevant.includes(i));
  return {
    ...example,
    relevant: [...relevant, ...unwanted],
    gains: Float64Array.from([...raw.map((gain) => gain / most), ...unwanted.map(() => -cost)]),
  };
}

function measureGate(
  gate: Mlp,
  allUsers: readonly GateCase[],
  allJudged: readonly GateCase[],
  headCost: number,
): GatePoint {
  const [users, judged] = [allUsers, allJudged].map((cases) => cases.filter(({ isCold }) => !isCold));
  const single = users.filter(({ kind, likes }) => kind === 'user' && likes === 1);
  let found = 0;
  let pairs = 0;
  for (const example of judged) {
    const list = new Set(bestOf(gate, example, LIST));
    found += example.relevant.filter((i) => list.has(i)).length;
    pairs += example.relevant.length;
  }
  let head = 0;
  const named = judged.length > 0 ? judged : single;
  for (const example of named) {
    const list = new Set(bestOf(gate, example, LIST));
    head += example.head.filter((i) => list.has(i)).length / LIST;
  }
  return {
    headCost,
    relatedRecall20: pairs === 0 ? null : found / pairs,
    headShare20: named.length === 0 ? 0 : head / named.length,
    ndcg10: LENGTHS.map((most, at) => {
      const least = at === 0 ? 1 : LENGTHS[at - 1] + 1;
      const some = users.filter(({ kind, likes }) => kind === 'user' && likes >= least && likes <= most);
      if (some.length === 0) return null;
      return (
        some.reduce((sum, example) => sum + ndcg(bestOf(gate, example, 10), new Set(example.relevant), 10), 0) /
        some.length
      );
    }),
  };
}

/** Indices of the best candidates of an example, best first. */
function bestOf(gate: Mlp, { input, scores }: GateCase, count: number): number[] {
  const weights = toWeights(forward(gate, input));
  const best = new TopK(count);
  for (let i = 0; i * SIGNALS.length < scores.length; i++) {
    let score = 0;
    for (let s = 0; s < SIGNALS.length; s++) score += weights[s] * scores[i * SIGNALS.length + s];
    best.push(i, score);
  }
  return [...best.drain()];
}
