import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODES, SIGNALS } from '../contracts/engine';
import { automaticAlpha, type BlendInput, blendWeights, popularityWeight } from './blend';

const parameters = { alphaAtFirst: 0.4, alphaInTheEnd: 0.1, popularAtFirst: 2 };
const all = { content: true, latent: true, popular: true };
const hybrid = (changes: Partial<BlendInput>) =>
  blendWeights({ mode: 'hybrid', alpha: undefined, likes: 10, available: all, ...changes }, parameters);
const input = fc.record({
  mode: fc.constantFrom(...MODES),
  alpha: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  likes: fc.nat(5000),
  available: fc.record({ content: fc.boolean(), latent: fc.boolean(), popular: fc.constant(true) }),
});

describe('blendWeights', () => {
  it('never leans on a signal that has nothing to say, nor on none at all', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { alpha, weights } = blendWeights(given, parameters);
        expect(alpha).toBeGreaterThanOrEqual(0);
        expect(alpha).toBeLessThanOrEqual(1);
        for (const signal of SIGNALS) {
          expect(Number.isFinite(weights[signal])).toBe(true);
          if (!given.available[signal]) expect(weights[signal], signal).toBe(0);
        }
        expect(SIGNALS.some((signal) => weights[signal] > 0)).toBe(true);
      }),
    );
  });

  it('gives content α and the other personal signal the rest', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5000), (alpha, likes) => {
        const blend = hybrid({ alpha, likes });
        expect(blend.alpha).toBe(alpha);
        expect(blend.weights).toEqual({
          content: alpha,
          latent: 1 - alpha,
          popular: popularityWeight(likes, parameters),
        });
      }),
    );
  });

  it('chooses α by the history where none is set', () => {
    for (const likes of [0, 1, 30]) expect(hybrid({ likes }).alpha).toBe(automaticAlpha(likes, parameters));
  });

  it('gives the share of a silent signal to the other', () => {
    expect(hybrid({ alpha: 0.3, available: { ...all, latent: false } })).toMatchObject({
      alpha: 1,
      weights: { content: 1, latent: 0 },
    });
    expect(hybrid({ alpha: 0.3, available: { ...all, content: false } })).toMatchObject({
      alpha: 0,
      weights: { content: 0, latent: 1 },
    });
  });

  it('leaves one signal alone in content and collaborative mode', () => {
    expect(hybrid({ mode: 'content', alpha: 0.2 })).toEqual({
      alpha: 1,
      weights: { content: 1, latent: 0, popular: 0 },
    });
    expect(hybrid({ mode: 'collaborative', alpha: 0.2 })).toEqual({
      alpha: 0,
      weights: { content: 0, latent: 1, popular: 0 },
    });
  });

  it('leaves the choice to popularity where nothing is known', () => {
    const popular = { content: 0, latent: 0, popular: 1 };
    for (const mode of MODES) {
      expect(hybrid({ mode, available: { content: false, latent: false, popular: true } }).weights, mode).toEqual(
        popular,
      );
    }
    expect(hybrid({ mode: 'content', available: { ...all, content: false } }).weights).toEqual(popular);
    expect(hybrid({ mode: 'collaborative', available: { ...all, latent: false } }).weights).toEqual(popular);
    expect(hybrid({ mode: 'popular' }).weights).toEqual(popular);
  });
});

describe('what is chosen from the history', () => {
  it('falls as likes accumulate', () => {
    for (let likes = 0; likes < 5000; likes = 2 * likes + 1) {
      expect(automaticAlpha(2 * likes + 1, parameters)).toBeLessThan(automaticAlpha(likes, parameters));
      expect(popularityWeight(2 * likes + 1, parameters)).toBeLessThan(popularityWeight(likes, parameters));
    }
    expect(automaticAlpha(5000, parameters)).toBeGreaterThan(0);
    expect(automaticAlpha(0, parameters)).toBeLessThan(1);
  });
});
