/** Seeded pseudo-random numbers: the same seed gives the same build, and the same list. */

/**
 * Makes a generator of numbers uniform in [0, 1): Mulberry32 (Tommy Ettinger, public domain), 32 bits of state.
 *
 * @param seed used modulo 2³²
 */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Hashes a text to a seed, 0 … 2³² − 1: FNV-1a over its UTF-16 code units. */
export function hashSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Makes a generator of standard normal numbers (Box & Muller 1958).
 *
 * @param random uniform in [0, 1)
 */
export function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
