import { SIGNALS, type Signal } from '../../contracts/engine';
import { forward, type Mlp } from '../../math/mlp';
import type { Evidence, SignalProfile } from '../recommenders/recommender';

/** The personal signals, whose confidence the gate takes as input. */
const PERSONAL = ['content', 'latent', 'neighbours', 'related'] as const satisfies readonly Signal[];
const SECONDS_PER_DAY = 86_400;

/** The inputs of the gate, in order. The ONNX file repeats these texts, so that changing one changes artifacts. */
export const GATE_INPUTS: readonly string[] = [
  'novice: 1 / (1 + (likes / 2)^1.5)',
  'log(1 + likes)',
  'log(1 + dislikes)',
  'interests stated: 0 or 1',
  'share of the history without interactions of its own',
  'mean popularity rank of the history, 0 (most popular) to 1',
  'standard deviation of that rank',
  'log(1 + days between the first and the last entry)',
  ...PERSONAL.flatMap((signal) => [
    `${signal}: has something to say, 0 or 1`,
    `${signal}: log of the standard deviation of its scores`,
    `${signal}: mean of its scores over their deviation`,
    `${signal}: agreement among the history`,
  ]),
];

/** The gate's outputs are the weights of the learned signals, in this order. */
export const GATE_OUTPUTS = SIGNALS;

/** What the gate's inputs are computed from. */
export interface GateState {
  evidence: readonly Evidence[];
  /** Null for a signal that knows nothing of the user. */
  profiles: Record<Signal, SignalProfile | null>;
  /** How many of the first catalog rows have interactions. */
  warmItems: number;
  /** Unix seconds of the history entries that have a time. */
  timestamps: readonly number[];
}

/** One number for each of {@link GATE_INPUTS}. */
export function gateInput({ evidence, profiles, warmItems, timestamps }: GateState): Float32Array {
  const items = evidence.flatMap((entry) =>
    entry.source.kind === 'item' ? [{ row: entry.source.row, sign: entry.sign }] : [],
  );
  const likes = items.filter(({ sign }) => sign > 0).length;
  const ranks = items.filter(({ row }) => row < warmItems).map(({ row }) => row / warmItems);
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / Math.max(1, ranks.length);
  const variance = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / Math.max(1, ranks.length);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of timestamps) [first, last] = [Math.min(first, time), Math.max(last, time)];
  return Float32Array.from([
    1 / (1 + (likes / 2) ** 1.5),
    Math.log1p(likes),
    Math.log1p(items.length - likes),
    evidence.length > items.length ? 1 : 0,
    items.length === 0 ? 0 : 1 - ranks.length / items.length,
    mean,
    Math.sqrt(variance),
    last > first ? Math.log1p((last - first) / SECONDS_PER_DAY) : 0,
    ...PERSONAL.flatMap((signal) => {
      const profile = profiles[signal];
      if (!profile) return [0, 0, 0, 0];
      const { mean, deviation, coherence } = profile;
      return [1, Math.log(deviation), mean / deviation, coherence];
    }),
  ]);
}

/** Without it, where related items are known, items that have no more than their content would never be shown. */
const MIN_CONTENT_WEIGHT = 0.02;

/** The weights that an output of the gate stands for: content never counts against an item. */
export function toWeights(output: Float32Array): Float32Array {
  return output.map((weight, i) => (GATE_OUTPUTS[i] === 'content' ? Math.max(MIN_CONTENT_WEIGHT, weight) : weight));
}

/** The weights that the gate gives the signals for this user; 0 for a signal that knows nothing of the user. */
export function learnedWeights(gate: Mlp, state: GateState): Record<Signal, number> {
  const output = toWeights(forward(gate, gateInput(state)));
  return Object.fromEntries(
    GATE_OUTPUTS.map((signal, i) => [signal, state.profiles[signal] ? output[i] : 0]),
  ) as Record<Signal, number>;
}
