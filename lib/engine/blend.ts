import type { Mode, Signal } from '../contracts/engine';

/** What the weights depend on. */
export interface BlendInput {
  mode: Mode;
  /** Set by hand; undefined: automatic. */
  alpha: number | undefined;
  /** How many likes the history holds. */
  likes: number;
  /** Which signals have something to say about this user. */
  available: Record<Signal, boolean>;
}

export interface Blend {
  alpha: number;
  weights: Record<Signal, number>;
}

/**
 * Automatic α falls as the history grows: what an item is about tells more than who else chose it while there is
 * little to go by. Chosen by `npm run inkpick -- evaluate`; docs/adr/0003 has the figures.
 */
export function automaticAlpha(likes: number): number {
  return LONG_HISTORY_ALPHA + (SHORT_HISTORY_ALPHA - LONG_HISTORY_ALPHA) / (1 + likes / ALPHA_HALF_LIFE);
}
const SHORT_HISTORY_ALPHA = 0.35;
const LONG_HISTORY_ALPHA = 0.2;
const ALPHA_HALF_LIFE = 5;

/** The weight of popularity beside the personal signals: a prior, which evidence outweighs. */
export function popularityWeight(likes: number): number {
  return SHORT_HISTORY_PRIOR / (1 + likes / PRIOR_HALF_LIFE);
}
const SHORT_HISTORY_PRIOR = 1.5;
const PRIOR_HALF_LIFE = 2;

/**
 * The weights of score(i) = Σ_s w_s · z_s(i). In the two-signal view that is α·content + (1 − α)·collaborative; a
 * signal with nothing to say gives its share to the other, and with neither popularity decides alone.
 */
export function blendWeights({ mode, alpha, likes, available }: BlendInput): Blend {
  const none = { content: 0, latent: 0, popular: 0 };
  if (mode === 'popular' || (!available.content && !available.latent)) {
    return { alpha: 0, weights: { ...none, popular: 1 } };
  }
  if (mode === 'content' && available.content) return { alpha: 1, weights: { ...none, content: 1 } };
  if (mode === 'collaborative' && available.latent) return { alpha: 0, weights: { ...none, latent: 1 } };
  if (mode !== 'hybrid') return { alpha: mode === 'content' ? 1 : 0, weights: { ...none, popular: 1 } };
  const share = !available.latent ? 1 : !available.content ? 0 : (alpha ?? automaticAlpha(likes));
  return { alpha: share, weights: { content: share, latent: 1 - share, popular: popularityWeight(likes) } };
}
