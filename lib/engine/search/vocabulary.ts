/** Longer patterns are not matched by edit distance, because their states must fit into 32 bits. */
export const MAX_FUZZY_LENGTH = 31;
/** The largest bound of {@link Vocabulary.searchFuzzy}. */
export const MAX_EDITS = 2;

/**
 * Finds tokens of a sorted list by prefix and by edit distance.
 *
 * Edit distance is optimal string alignment (Damerau–Levenshtein in which no substring is edited twice):
 * insertion, deletion, substitution and transposition of two adjacent units each cost 1. Units are UTF-16 code units.
 *
 * The rows of the dynamic program are bit-parallel (Wu and Manber 1992; transpositions as in Navarro's NR-grep, 2001):
 * bit `i` of the row for `d` edits at depth `j` is set if the first `i` units of the pattern and the first `j` units of
 * the token are at most `d` edits apart. Consecutive tokens of a sorted list share prefixes, so the rows of the shared
 * prefix are reused, and a prefix without set bits rules out all tokens that begin with it, as in a trie.
 */
export class Vocabulary {
  /** Tokens found by the last {@link searchFuzzy}, ascending; the first `matchCount` are valid. */
  readonly matches: Uint32Array;
  /** Parallel to `matches`: edits between pattern and token; more than the bound if only a prefix matches. */
  readonly distances: Uint8Array;
  /** Parallel to `matches`: the minimum number of edits between the pattern and a prefix of the token. */
  readonly prefixDistances: Uint8Array;
  matchCount = 0;

  private readonly tokens: readonly string[];
  /** All tokens concatenated; token `t` is at `starts[t] … starts[t + 1]`. */
  private readonly units: Uint16Array;
  private readonly starts: Uint32Array;
  /** Number of leading code units that a token shares with the previous one. */
  private readonly shared: Uint8Array;
  /** By code unit: bit `i` is set if it is the `i`-th unit of the pattern, counted from 1. */
  private readonly positions = new Int32Array(0x10000);
  /** Rows by depth, `MAX_EDITS + 1` words each. */
  private readonly states = new Int32Array(256 * (MAX_EDITS + 1));
  /** By depth: the minimum distance between the pattern and the token's prefixes up to this depth. */
  private readonly minDistances = new Uint8Array(256);

  /** @param tokens distinct, not empty, sorted by code unit, none longer than 255 code units. */
  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    this.starts = new Uint32Array(tokens.length + 1);
    for (let t = 0; t < tokens.length; t++) this.starts[t + 1] = this.starts[t] + tokens[t].length;
    this.units = new Uint16Array(this.starts[tokens.length]);
    this.shared = new Uint8Array(tokens.length);
    for (let t = 0; t < tokens.length; t++) {
      const token = tokens[t];
      const start = this.starts[t];
      for (let i = 0; i < token.length; i++) this.units[start + i] = token.charCodeAt(i);
      if (t === 0) continue;
      const before = this.starts[t - 1];
      const maxShared = Math.min(token.length, start - before);
      let length = 0;
      while (length < maxShared && this.units[before + length] === this.units[start + length]) length++;
      this.shared[t] = length;
    }
    this.matches = new Uint32Array(tokens.length);
    this.distances = new Uint8Array(tokens.length);
    this.prefixDistances = new Uint8Array(tokens.length);
  }

  /** @returns `[from, to)`: the tokens that begin with `prefix`; the prefix itself comes first if it is a token */
  prefixRange(prefix: string): [from: number, to: number] {
    let from = 0;
    let high = this.tokens.length;
    while (from < high) {
      const middle = (from + high) >>> 1;
      if (this.tokens[middle] < prefix) from = middle + 1;
      else high = middle;
    }
    let to = from;
    high = this.tokens.length;
    while (to < high) {
      const middle = (to + high) >>> 1;
      if (this.tokens[middle].startsWith(prefix)) to = middle + 1;
      else high = middle;
    }
    return [from, to];
  }

  /**
   * Finds the tokens within `bound` edits of `pattern`. The result is in `matches`, `distances` and `prefixDistances`
   * until the next call.
   *
   * @param bound 1 … {@link MAX_EDITS}
   * @param asPrefix whether to find also the tokens with a prefix within `bound` edits
   */
  searchFuzzy(pattern: string, bound: number, asPrefix: boolean): void {
    this.matchCount = 0;
    const length = pattern.length;
    if (length > MAX_FUZZY_LENGTH) return;
    const { units, starts, shared, positions, states, minDistances, matches, distances, prefixDistances } = this;
    for (let i = 0; i < length; i++) positions[pattern.charCodeAt(i)] |= 2 << i;
    const whole = 1 << length;
    /** Bits 0 … length. */
    const inside = length === 31 ? -1 : (2 << length) - 1;
    const beyond = bound + 1;
    // Depth 0: the first i units of the pattern are i deletions away from the empty prefix.
    states[0] = 1;
    states[1] = 3 & inside;
    states[2] = 7 & inside;
    minDistances[0] = length <= bound ? length : beyond;
    let count = 0;
    /** States of depths 0 … valid belong to the current prefix. */
    let valid = 0;
    /** Length of the prefix that is ruled out; 256 for none. */
    let dead = 256;
    for (let t = 0; t < shared.length; t++) {
      const common = shared[t];
      if (common >= dead) {
        if (asPrefix && minDistances[dead] <= bound) {
          matches[count] = t;
          distances[count] = beyond;
          prefixDistances[count++] = minDistances[dead];
        }
        continue;
      }
      dead = 256;
      const start = starts[t];
      const size = starts[t + 1] - start;
      let depth = Math.min(common, valid);
      let distance = beyond;
      while (depth < size) {
        const unit = units[start + depth];
        const here = positions[unit];
        const previous = depth * 3;
        const exact0 = states[previous];
        const exact1 = states[previous + 1];
        // A transposition ends here if this unit is the last but one of the pattern's prefix and the previous one its
        // last.
        const swapped = depth === 0 ? 0 : (here << 1) & positions[units[start + depth - 1]];
        const next0 = (exact0 << 1) & here;
        let next1 = ((exact1 << 1) & here) | exact0 | (((exact0 | next0) << 1) & inside);
        if (swapped !== 0) next1 |= (states[previous - 3] << 2) & swapped;
        let alive = next1;
        let next2 = 0;
        if (bound === 2) {
          next2 = ((states[previous + 2] << 1) & here) | exact1 | (((exact1 | next1) << 1) & inside);
          if (swapped !== 0) next2 |= (states[previous - 2] << 2) & swapped;
          alive = next2;
        }
        depth++;
        const row = depth * 3;
        states[row] = next0;
        states[row + 1] = next1;
        states[row + 2] = next2;
        distance = next0 & whole ? 0 : next1 & whole ? 1 : next2 & whole ? 2 : beyond;
        minDistances[depth] = Math.min(distance, minDistances[depth - 1]);
        if (alive === 0) {
          dead = depth;
          break;
        }
      }
      valid = depth;
      if (depth < size) distance = beyond;
      if (distance <= bound || (asPrefix && minDistances[depth] <= bound)) {
        matches[count] = t;
        distances[count] = distance;
        prefixDistances[count++] = minDistances[depth];
      }
    }
    for (let i = 0; i < length; i++) positions[pattern.charCodeAt(i)] = 0;
    this.matchCount = count;
  }
}
