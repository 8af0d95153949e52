import { describe, expect, it } from 'vitest';
import { EXPERIMENTS, variantName, variantOf } from '../../lib/contracts/experiments';
import { variantsInForce } from './variants';

const [experiment] = EXPERIMENTS;
const [usual, other] = experiment.variants;
const unused = () => {
  throw new Error('the key must not be read');
};

describe('the variants of a visitor', () => {
  it('are those of the device, for visitors who agreed to be counted', () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const { settings, variant } = variantsInForce('', true, () => key);
      const expected = EXPERIMENTS.map((experiment) => variantName(experiment, variantOf(experiment, key)));
      expect(variant).toBe(expected.join(','));
      expect(settings).toEqual(variantOf(experiment, key).settings);
    }
  });

  it('are none for other visitors, whose device gets no key either', () => {
    expect(variantsInForce('?utm_source=x', false, unused)).toEqual({ settings: {}, variant: undefined });
  });

  it('are those that the address names, which are not counted', () => {
    const search = `?try=${variantName(experiment, other)}&try=none:such`;
    for (const agreed of [true, false]) {
      const { settings, variant } = variantsInForce(search, agreed, () => 'a');
      expect(settings).toEqual(other.settings);
      expect(variant ?? '').not.toContain(experiment.id);
    }
    expect(variantsInForce(`?try=${variantName(experiment, usual)}`, false, unused).settings).toEqual(usual.settings);
  });
});
