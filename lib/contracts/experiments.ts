import { hashSeed, mulberry32 } from '../math/random';

/** Settings that a variant can change; an absent one keeps its default. */
export interface ListSettings {
  /** Default of the diversity slider; a visitor who moves the slider overrides it. */
  diversity?: number;
}

export interface Variant {
  id: string;
  /** Fraction of the visitors, 0 … 1; the variants of an experiment add up to 1. */
  share: number;
  settings: ListSettings;
}

export interface Experiment {
  id: string;
  /** The question that the experiment answers; the operator's page shows it above the results. */
  question: string;
  /** The first variant is the control: the others are compared with it. */
  variants: readonly Variant[];
}

/** The running experiments. To end one, remove it, or give the winning variant a share of 1. */
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
 * Assigns a visitor to a variant. The assignment is the same at every visit and independent of other experiments.
 *
 * @param key a text that stays the same for a visitor, such as a random one stored on the device
 */
export function variantOf({ id, variants }: Experiment, key: string): Variant {
  // FNV-1a alone is uneven in its upper bits for texts that differ only in their last characters.
  const place = mulberry32(hashSeed(`${id}/${key}`))();
  let upTo = 0;
  for (const variant of variants) {
    upTo += variant.share;
    if (place < upTo) return variant;
  }
  return variants[variants.length - 1];
}

/** The name of a variant in addresses and events: `experiment:variant`. */
export const variantName = (experiment: Experiment, variant: Variant): string => `${experiment.id}:${variant.id}`;

/**
 * Finds the variants that an address forces.
 *
 * @param names such as `diversity:varied`; names of no running variant are ignored
 * @returns variants by experiment id
 */
export function forcedVariants(names: readonly string[]): Map<string, Variant> {
  const forced = new Map<string, Variant>();
  for (const name of names) {
    const [id, variantId] = name.split(':');
    const variant = EXPERIMENTS.find((experiment) => experiment.id === id)?.variants.find(({ id }) => id === variantId);
    if (variant) forced.set(id, variant);
  }
  return forced;
}
