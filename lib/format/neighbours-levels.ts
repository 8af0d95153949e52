/**
 * Magnitudes of item–item weights, four levels to the octave: level 0 is 256, level l is 2^(8 − l/4). Half a step is 9 %,
 * which moves hardly any ranking, and the few levels in use take some three bits each.
 */
export const LEVELS = 127;

/** How many levels below the largest weight of an item another may be without being rounded to nothing in 8 bits. */
export const LEVELS_BELOW = 32;

const LEVELS_PER_OCTAVE = 4;
const LARGEST = 256;
/** 2^(−i/4). Constants, since the last bit of a computed power may differ between engines. */
const QUARTERS = [1, 0.8408964152537145, Math.SQRT1_2, 0.5946035575013605];
/** The 8-bit weight of the largest. */
const MOST = 127;

/** The nearest level of a magnitude above 0; at least 0, and `LEVELS` or more where it is too small for any. */
export function levelOf(magnitude: number): number {
  return Math.max(0, Math.round(LEVELS_PER_OCTAVE * Math.log2(LARGEST / magnitude)));
}

function magnitudeOf(level: number): number {
  return (LARGEST * QUARTERS[level % LEVELS_PER_OCTAVE]) / 2 ** Math.floor(level / LEVELS_PER_OCTAVE);
}

/** The scale of an item whose largest weight has this level: 127 · scale is its magnitude. */
export const scaleOf = (largestLevel: number): number => magnitudeOf(largestLevel) / MOST;

/** The 8-bit weight by how many levels it is below the largest one of its item. */
export const QUANTISED = Int8Array.from({ length: LEVELS_BELOW }, (_, below) =>
  Math.round((MOST * magnitudeOf(below)) / LARGEST),
);

/** How many levels below the largest an 8-bit weight other than 0 is, to the nearest: the inverse of {@link QUANTISED}. */
export const levelsBelow = (quantised: number): number => levelOf((LARGEST * Math.abs(quantised)) / MOST);
