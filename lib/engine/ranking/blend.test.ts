import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODES, SIGNALS, type Signal } from '../../contracts/engine';
import { type BlendInput, blendWeights } from './blend';

const all = { content: true, latent: true, neighbours: true, related: true, popular: true };
const learned = { content: 0.2, latent: 0.5, neighbours: 0.3, related: 0.05, popular: -0.1 };
const hybrid = (changes: Partial<BlendInput> = {}) =>
  blendWeights({ mode: 'hybrid', alpha: undefined, learned, available: all, ...changes });
const only = (weights: Partial<Record<Signal, number>>) => ({
  content: 0,
  latent: 0,
  neighbours: 0,
  related: 0,
  popular: 0,
  ...weights,
});
/** A user of whom these signals have no profile. */
const withoutProfiles = (...signals: Signal[]) => ({
  available: { ...all, ...Object.fromEntries(signals.map((signal) => [signal, false])) },
  learned: { ...learned, ...Object.fromEntries(signals.map((signal) => [signal, 0])) },
});

const weight = fc.double({ min: -2, max: 2, noNaN: true });
const alpha = fc.double({ min: 0, max: 1, noNaN: true });
const anyLearned = fc.record({ content: weight, latent: weight, neighbours: weight, related: weight, popular: weight });
const input = fc
  .record({
    mode: fc.constantFrom(...MODES),
    alpha: fc.option(alpha, { nil: undefined }),
    learned: anyLearned,
    available: fc.record({
      content: fc.boolean(),
      latent: fc.boolean(),
      neighbours: fc.boolean(),
      related: fc.boolean(),
      popular: fc.constant(true),
    }),
  })
  // The gate gives weight 0 to signals without a profile.
  .map((given) => ({
    ...given,
    learned: Object.fromEntries(
      SIGNALS.map((signal) => [signal, given.available[signal] ? given.learned[signal] : 0]),
    ) as Record<Signal, number>,
  }));

describe('blendWeights', () => {
  it('gives no weight to signals without a profile, and a positive weight to at least one signal', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { alpha, weights } = blendWeights(given);
        expect(alpha).toBeGreaterThanOrEqual(0);
        expect(alpha).toBeLessThanOrEqual(1);
        for (const signal of SIGNALS) {
          expect(Number.isFinite(weights[signal])).toBe(true);
          if (!given.available[signal]) expect(Math.abs(weights[signal]), signal).toBe(0);
        }
        expect(SIGNALS.some((signal) => weights[signal] > 0)).toBe(true);
      }),
    );
  });

  it('returns the weights of the gate where α is not set, negative ones included', () => {
    expect(hybrid()).toEqual({ alpha: 0.2, weights: learned });
    const negative = { content: -0.3, latent: 0.6, neighbours: -0.1, related: 0.02, popular: 0.4 };
    expect(hybrid({ learned: negative })).toEqual({ alpha: 0, weights: negative });
    const { alpha, weights } = hybrid({ learned: { ...learned, content: 2.4 } });
    expect(alpha).toBeCloseTo(0.75, 12);
    expect(weights.content).toBe(2.4);
  });

  it('reports the share of content among the personal signals as α', () => {
    fc.assert(
      fc.property(anyLearned, (given) => {
        const content = Math.max(0, given.content);
        const others = Math.max(0, given.latent + given.neighbours);
        fc.pre(content + others > 0);
        expect(hybrid({ learned: given }).alpha).toBeCloseTo(content / (content + others), 12);
      }),
    );
  });

  it('moves weight between the two sides by α, with the same total and the same weight of popularity', () => {
    fc.assert(
      fc.property(alpha, anyLearned, (alpha, given) => {
        const total = Math.max(0, given.content) + Math.max(0, given.latent + given.neighbours);
        fc.pre(total > 1e-9);
        const blend = hybrid({ alpha, learned: given });
        expect(blend.alpha).toBe(alpha);
        const { content, latent, neighbours, popular } = blend.weights;
        expect(content).toBeCloseTo(alpha * total, 9);
        expect(latent + neighbours).toBeCloseTo((1 - alpha) * total, 9);
        expect(Math.min(latent, neighbours)).toBeGreaterThanOrEqual(0);
        expect(popular).toBe(given.popular);
        // The collaborative signals keep the gate's proportion.
        if (given.latent > 0 && given.neighbours > 0)
          expect(latent * given.neighbours).toBeCloseTo(neighbours * given.latent, 9);
      }),
    );
  });

  it('changes no weight where α is set to the value that the gate implies', () => {
    const positive = fc.double({ min: 0.01, max: 2, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, weight, (content, latent, neighbours, popular) => {
        const before = hybrid({ learned: { content, latent, neighbours, related: 0.1, popular } });
        const after = hybrid({ learned: { content, latent, neighbours, related: 0.1, popular }, alpha: before.alpha });
        for (const signal of SIGNALS) expect(after.weights[signal]).toBeCloseTo(before.weights[signal], 12);
      }),
    );
  });

  it('passes the share of a side without profiles to the other side, whatever α is', () => {
    for (const alpha of [undefined, 0, 0.3, 1]) {
      expect(hybrid({ alpha, ...withoutProfiles('latent', 'neighbours') })).toEqual({
        alpha: 1,
        weights: only({ content: 0.2, related: 0.05, popular: -0.1 }),
      });
      const { alpha: reported, weights } = hybrid({ alpha, ...withoutProfiles('content') });
      expect(reported).toBe(0);
      expect(weights.latent).toBeCloseTo(0.5, 12);
      expect(weights.neighbours).toBeCloseTo(0.3, 12);
    }
  });

  it('lets relatedness fade towards either end of α, and keeps it where the gate’s own α is set', () => {
    const weights = [0, 0.1, 0.2, 0.6, 1].map((alpha) => hybrid({ alpha }).weights.related);
    [0, 0.025, 0.05, 0.025, 0].forEach((expected, i) => {
      expect(weights[i]).toBeCloseTo(expected, 12);
    });
  });

  it('passes the share of a collaborative signal without a profile to the other one where α is set', () => {
    const { weights } = hybrid({ alpha: 0.5, ...withoutProfiles('neighbours') });
    expect(weights.neighbours).toBe(0);
    expect(weights.content).toBeCloseTo(0.35, 12);
    expect(weights.latent).toBeCloseTo(0.35, 12);
  });

  it('gives the personal signals weight where the gate gives them none', () => {
    const notPositive = { content: -1, latent: -0.5, neighbours: 0, related: 0, popular: 0.2 };
    expect(hybrid({ learned: notPositive })).toEqual({
      alpha: 0.5,
      weights: { content: 0.5, latent: 0.25, neighbours: 0.25, related: 0, popular: 0.2 },
    });
    expect(hybrid({ learned: notPositive, alpha: 0.8 }).weights.content).toBe(0.8);
  });

  it('uses one side only in content and collaborative mode', () => {
    expect(hybrid({ mode: 'content', alpha: 0.2 })).toEqual({ alpha: 1, weights: only({ content: 1 }) });
    expect(hybrid({ mode: 'collaborative', alpha: 0.2 })).toEqual({
      alpha: 0,
      weights: only({ latent: 0.5 / 0.8, neighbours: 0.3 / 0.8 }),
    });
    expect(hybrid({ mode: 'collaborative', ...withoutProfiles('latent') }).weights).toEqual(only({ neighbours: 1 }));
    expect(hybrid({ mode: 'collaborative', learned: { ...learned, latent: -1 } }).weights).toEqual(
      only({ neighbours: 1 }),
    );
    expect(hybrid({ mode: 'collaborative', learned: { ...learned, latent: -1, neighbours: -1 } }).weights).toEqual(
      only({ latent: 0.5, neighbours: 0.5 }),
    );
  });

  it('uses popularity only where no personal signal has a profile', () => {
    const popular = only({ popular: 1 });
    for (const mode of MODES) {
      expect(hybrid({ mode, ...withoutProfiles('content', 'latent', 'neighbours') }).weights, mode).toEqual(popular);
    }
    expect(hybrid({ mode: 'content', ...withoutProfiles('content') })).toEqual({ alpha: 1, weights: popular });
    expect(hybrid({ mode: 'collaborative', ...withoutProfiles('latent', 'neighbours') })).toEqual({
      alpha: 0,
      weights: popular,
    });
    expect(hybrid({ mode: 'popular' })).toEqual({ alpha: 0, weights: popular });
  });
});
