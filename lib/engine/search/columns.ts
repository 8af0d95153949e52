/** Where in an item a token occurs: a bit mask, one for each posting. */
export const FIELD = {
  title: 1,
  creators: 2,
  aka: 4,
  year: 8,
  /** A title or other name begins with the token, a leading article aside. */
  start: 16,
} as const;

/**
 * An inverted index. The postings of token `t` are `offsets[t] … offsets[t + 1]` in `rows` and `fields`,
 * rows ascending and distinct. Because tokens are sorted, the postings of all tokens with one prefix are
 * contiguous too.
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
