import { type Mode, SIGNALS, type Signal } from '../../contracts/engine';

/** Inputs of {@link blendWeights}. */
export interface BlendInput {
  mode: Mode;
  /** Share of content that the user set by hand; undefined where the gate decides. */
  alpha: number | undefined;
  /** Output of the gate; 0 for a signal without a profile of the user. */
  learned: Record<Signal, number>;
  /** Which signals have a profile of the user. */
  available: Record<Signal, boolean>;
}

export interface Blend {
  /** The share of content among the personal signals. */
  alpha: number;
  weights: Record<Signal, number>;
}

/** The signals of what other users choose. */
export const COLLABORATIVE = ['latent', 'neighbours'] as const satisfies readonly Signal[];
const NONE = forEachSignal(0);

/** The same value for every learned signal. */
export function forEachSignal<T>(value: T): Record<Signal, T> {
  return Object.fromEntries(SIGNALS.map((signal) => [signal, value])) as Record<Signal, T>;
}

/**
 * Computes the weights of score(i) = Σ_s w_s · z_s(i). With two sides that is α·content + (1 − α)·collaborative +
 * popularity, where collaborative is the latent factors and the neighbours in the gate's proportion. An α set by hand
 * moves weight between the two sides only. A side without a profile of the user passes its share to the other; without
 * either, popularity ranks alone.
 */
export function blendWeights({ mode, alpha, learned, available }: BlendInput): Blend {
  const collaborative = COLLABORATIVE.filter((signal) => available[signal]);
  const uses = {
    content: available.content && (mode === 'hybrid' || mode === 'content'),
    collaborative: collaborative.length > 0 && (mode === 'hybrid' || mode === 'collaborative'),
  };
  if (mode === 'popular' || (!uses.content && !uses.collaborative))
    return { alpha: mode === 'content' ? 1 : 0, weights: { ...NONE, popular: 1 } };
  const shares = proportions(collaborative, learned);
  if (mode === 'content') return { alpha: 1, weights: { ...NONE, content: 1 } };
  if (mode === 'collaborative') return { alpha: 0, weights: { ...NONE, ...shares } };

  const content = Math.max(0, learned.content);
  const others = collaborative.reduce((sum, signal) => sum + learned[signal], 0);
  const total = content + Math.max(0, others);
  const auto = total > 0 ? content / total : 0.5;
  if (alpha === undefined && (total > 0 || learned.related > 0))
    return { alpha: auto, weights: { ...NONE, ...restrict(learned, available) } };
  const share = !uses.collaborative ? 1 : !uses.content ? 0 : (alpha ?? 0.5);
  const scale = total > 0 ? total : 1;
  const weights = { ...NONE, content: share * scale, popular: learned.popular };
  // Relatedness is of both sides, so that it fades towards either end.
  if (available.related)
    weights.related = learned.related * Math.min(1, ratio(share, auto), ratio(1 - share, 1 - auto));
  for (const signal of collaborative) weights[signal] = (1 - share) * scale * shares[signal];
  return { alpha: share, weights };
}

/** Shares of the collaborative signals, which sum to 1: in the gate's proportion, equal where no weight is positive. */
function proportions(signals: readonly Signal[], learned: Record<Signal, number>): Record<Signal, number> {
  const positive = signals.map((signal) => Math.max(0, learned[signal]));
  const sum = positive.reduce((total, weight) => total + weight, 0);
  const shares = { ...NONE };
  signals.forEach((signal, i) => {
    shares[signal] = sum > 0 ? positive[i] / sum : 1 / signals.length;
  });
  return shares;
}

/** The weights with 0 for signals that are not available. */
function restrict(weights: Record<Signal, number>, available: Record<Signal, boolean>): Record<Signal, number> {
  return Object.fromEntries(SIGNALS.map((signal) => [signal, available[signal] ? weights[signal] : 0])) as Record<
    Signal,
    number
  >;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 1);
