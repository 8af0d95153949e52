import { describe, expect, it } from 'vitest';
import { EXPERIMENTS, type Experiment, forcedVariants, variantOf } from './experiments';

const experiment = (id: string): Experiment => ({
  id,
  question: '',
  variants: [
    { id: 'a', share: 0.5, settings: {} },
    { id: 'b', share: 0.3, settings: {} },
    { id: 'c', share: 0.2, settings: {} },
  ],
});
const visitors = Array.from({ length: 20_000 }, (_, i) => `visitor-${i}`);

describe('assigning variants', () => {
  it('gives each variant its share of the visitors', () => {
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (const key of visitors) counts[variantOf(experiment('shares'), key).id]++;
    // Four standard deviations of a binomial count.
    for (const { id, share } of experiment('shares').variants)
      expect(Math.abs(counts[id] - share * visitors.length)).toBeLessThan(
        4 * Math.sqrt(visitors.length * share * (1 - share)),
      );
  });

  it('is stable, and independent between experiments', () => {
    let both = 0;
    for (const key of visitors) {
      const first = variantOf(experiment('one'), key).id;
      expect(variantOf(experiment('one'), key).id).toBe(first);
      if (first === 'a' && variantOf(experiment('two'), key).id === 'a') both++;
    }
    expect(Math.abs(both / visitors.length - 0.25)).toBeLessThan(0.013);
  });

  it('accepts existing variants from an address and ignores unknown ones', () => {
    const [{ id, variants }] = EXPERIMENTS;
    expect(forcedVariants([`${id}:${variants[1].id}`, `${id}:none`, 'none:a', '', ':']).get(id)).toBe(variants[1]);
    expect(forcedVariants(['none:a']).size).toBe(0);
  });

  it('has running experiments with unique names and shares that add up to 1', () => {
    expect(new Set(EXPERIMENTS.map(({ id }) => id)).size).toBe(EXPERIMENTS.length);
    for (const { variants } of EXPERIMENTS) {
      expect(variants.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(new Set(variants.map(({ id }) => id)).size).toBe(variants.length);
    }
  });
});
