import type { Mode, Signal } from '../contracts/engine';
import type { BlendParameters } from '../contracts/manifest';

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

/** Likes after which half of the way from the first α to the last is gone. */
const ALPHA_HALF_LIFE = 5;
/** Likes after which the prior has half gone, and how steeply it goes. */
const PRIOR_HALF_LIFE = 2;
const PRIOR_STEEPNESS = 1.5;

/**
 * Automatic α falls as the history grows: what an item is about tells more than who else chose it while there is
 * little to go by. The parameters were chosen on validation users; docs/adr/0003 has the figures.
 */
export function automaticAlpha(likes: number, { alphaAtFirst, alphaInTheEnd }: BlendParameters): number {
  return alphaInTheEnd + (alphaAtFirst - alphaInTheEnd) / (1 + likes / ALPHA_HALF_LIFE);
}

/** The weight of popularity beside the personal signals: a prior, which evidence outweighs. */
export function popularityWeight(likes: number, { popularAtFirst }: BlendParameters): number {
  return popularAtFirst / (1 + (likes / PRIOR_HALF_LIFE) ** PRIOR_STEEPNESS);
}

/**
 * The weights of score(i) = Σ_s w_s · z_s(i). In the two-signal view that is α·content + (1 − α)·collaborative; a
 * signal with nothing to say gives its share to the other, and with neither popularity decides alone.
 */
export function blendWeights({ mode, alpha, likes, available }: BlendInput, parameters: BlendParameters): Blend {
  const none = { content: 0, latent: 0, popular: 0 };
  if (mode === 'popular' || (!available.content && !available.latent)) {
    return { alpha: mode === 'content' ? 1 : 0, weights: { ...none, popular: 1 } };
  }
  if (mode === 'content' && available.content) return { alpha: 1, weights: { ...none, content: 1 } };
  if (mode === 'collaborative' && available.latent) return { alpha: 0, weights: { ...none, latent: 1 } };
  if (mode !== 'hybrid') return { alpha: mode === 'content' ? 1 : 0, weights: { ...none, popular: 1 } };
  const share = !available.latent ? 1 : !available.content ? 0 : (alpha ?? automaticAlpha(likes, parameters));
  return { alpha: share, weights: { content: share, latent: 1 - share, popular: popularityWeight(likes, parameters) } };
}
