/**
 * Number of levels to which magnitudes of item–item weights are rounded, four an octave: level l is 2^(8 − l/4).
 * Rounding changes a weight by at most 9 %, which changes hardly any ranking, and the levels in use take about three
 * bits each.
 */
export const LEVELS = 127;

/** Weights this many levels below the largest of their item become 0 in 8 bits. */
export const LEVELS_BELOW = 32;

const LEVELS_PER_OCTAVE = 4;
/** Magnitude of level 0. */
const MAX_MAGNITUDE = 256;
/** 2^(−i/4), as constants: the last bit of a computed power may differ between JavaScript engines. */
const QUARTERS = [1, 0.8408964152537145, Math.SQRT1_2, 0.5946035575013605];
/** The 8-bit weight of the largest magnitude. */
const MAX_WEIGHT = 127;

/**
 * @returns the nearest level of a positive magnitude; at least 0, and `LEVELS` or more if it is below the last level
 */
export function levelOf(magnitude: number): number {
  return Math.max(0, Math.round(LEVELS_PER_OCTAVE * Math.log2(MAX_MAGNITUDE / magnitude)));
}

function magnitudeOf(level: number): number {
  return (MAX_MAGNITUDE * QUARTERS[level % LEVELS_PER_OCTAVE]) / 2 ** Math.floor(level / LEVELS_PER_OCTAVE);
}

/** @returns the scale of an item whose largest weight has this level: 127 · scale is its magnitude */
export const scaleOf = (largestLevel: number): number => magnitudeOf(largestLevel) / MAX_WEIGHT;

/** 8-bit weights by number of levels below the largest weight of the item. */
export const QUANTISED = Int8Array.from({ length: LEVELS_BELOW }, (_, below) =>
  Math.round((MAX_WEIGHT * magnitudeOf(below)) / MAX_MAGNITUDE),
);

/** The inverse of {@link QUANTISED}. @returns levels below the largest weight, for an 8-bit weight other than 0 */
export const levelsBelow = (quantised: number): number => levelOf((MAX_MAGNITUDE * Math.abs(quantised)) / MAX_WEIGHT);
