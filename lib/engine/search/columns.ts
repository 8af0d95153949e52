/** Bits of a posting’s mask: where in the item the token occurs. */
export const FIELD = {
  title: 1,
  creators: 2,
  aka: 4,
  year: 8,
  /** A title begins with the token, not counting a leading article. */
  start: 16,
} as const;

/**
 * An inverted index. The postings of token `t` are `offsets[t] … offsets[t + 1]` in `rows` and `fields`, with rows
 * ascending and distinct. Tokens are sorted, so that the postings of all tokens with a common prefix are contiguous.
 */
export interface SearchColumns {
  /** Distinct, sorted by UTF-16 code unit. */
  tokens: string[];
  /** Length `tokens.length + 1`. */
  offsets: Uint32Array;
  rows: Uint32Array;
  /** {@link FIELD} masks, parallel to `rows`. */
  fields: Uint8Array;
}
