import { hashSeed, mulberry32 } from '../math/random';

/** What a variant may change of how lists are made. Absent: as everywhere. */
export interface ListSettings {
  /** Where the visitor has not moved the slider. */
  diversity?: number;
}

export interface Variant {
  id: string;
  /** Part of the visitors, 0 … 1; those of an experiment add up to 1. */
  share: number;
  settings: ListSettings;
}

export interface Experiment {
  id: string;
  /** What is to be found out, for whoever reads the results. */
  question: string;
  /** The first is what there was before: the others are compared with it. */
  variants: readonly Variant[];
}

/** All experiments that are running. To end one, take it out, or let all visitors have the variant that won. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'diversity',
    question: 'Do people click and like more where the first lists are more varied?',
    variants: [
      { id: 'usual', share: 0.5, settings: {} },
      { id: 'varied', share: 0.5, settings: { diversity: 0.35 } },
    ],
  },
];

/**
 * The variant of a visitor: the same at every visit, and independent of the variants of other experiments.
 *
 * @param key any text that stays the same for a visitor, such as a random one kept on the device
 */
export function variantOf({ id, variants }: Experiment, key: string): Variant {
  // The hash alone is uneven in its upper bits for texts that differ in their last characters.
  const place = mulberry32(hashSeed(`${id}/${key}`))();
  let upTo = 0;
  for (const variant of variants) {
    upTo += variant.share;
    if (place < upTo) return variant;
  }
  return variants[variants.length - 1];
}

/** `experiment:variant`, as addresses and events name it. */
export const variantName = (experiment: Experiment, variant: Variant): string => `${experiment.id}:${variant.id}`;

/** The variants that an address asks to be shown, such as `diversity:varied`; what names none is passed over. */
export function forcedVariants(names: readonly string[]): Map<string, Variant> {
  const forced = new Map<string, Variant>();
  for (const name of names) {
    const [id, variantId] = name.split(':');
    const variant = EXPERIMENTS.find((experiment) => experiment.id === id)?.variants.find(({ id }) => id === variantId);
    if (variant) forced.set(id, variant);
  }
  return forced;
}
