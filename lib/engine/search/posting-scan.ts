import { FIELD, type SearchColumns } from './columns';

/** Bit of a row's mask: the row has every query token as a whole word. */
export const COMPLETE = 128;
/** Bit of a row's mask: the row has every query token as a whole word, the last one perhaps as a prefix. */
export const COMPLETE_BUT_LAST = 64;

/** The postings of one query token. */
export interface Span {
  /** Postings `from … wholeTo` belong to the token itself, `wholeTo … to` to longer tokens with this prefix. */
  from: number;
  wholeTo: number;
  to: number;
  /** Whether it is the first token of the query, not counting a leading article. */
  leads: boolean;
  /** Whether it is the last token and may be incomplete. */
  open: boolean;
}

/** Tokens of the vocabulary that match one query token, with weights. */
export interface Evidence {
  /** Token numbers by class of similarity, closest first. */
  classes: number[][];
  /** Weight of each class. A row gets the weight of its closest class. */
  weights: number[];
  /** Number of postings of all classes. */
  postings: number;
}

/**
 * A token with more rows than this, or than this share of a large catalog, adds no rows that other tokens do not find.
 */
const COMMON_ROWS = 1000;
const COMMON_SHARE = 0.1;

/**
 * Scans posting lists with one set of buffers a catalog, so that a search allocates nothing for each posting. Each scan
 * writes its rows to `rows` and its results to the other arrays, where they are valid until the next scan.
 */
export class PostingScan {
  /** Rows found, unordered; the scan returns their number. */
  readonly rows: Uint32Array;
  /**
   * By row, after {@link intersect}. Low byte: the {@link FIELD}s with every token, {@link COMPLETE} and
   * {@link COMPLETE_BUT_LAST}. High byte: the fields with every token as a whole word. `start` refers to the leading
   * token only.
   */
  readonly masks: Uint16Array;
  /** By row, after {@link accumulate}: the sum of the weights. */
  readonly evidence: Float32Array;
  /** By row, after {@link accumulate}: number of query tokens in the title. */
  readonly inTitle: Uint8Array;

  private readonly data: SearchColumns;
  private readonly current: Uint16Array;
  /** By row: number of query tokens matched in the current scan; all zero between scans. */
  private readonly stage: Uint8Array;

  constructor(data: SearchColumns, size: number) {
    this.data = data;
    this.rows = new Uint32Array(size);
    this.masks = new Uint16Array(size);
    this.evidence = new Float32Array(size);
    this.inTitle = new Uint8Array(size);
    this.current = new Uint16Array(size);
    this.stage = new Uint8Array(size);
  }

  /** Finds the rows that have every token in some field. @returns their number */
  intersect(spans: readonly Span[]): number {
    const { data, rows, masks, current, stage } = this;
    const rarestFirst = [...spans].sort((a, b) => a.to - a.from - (b.to - b.from));
    let count = 0;
    for (const [step, { from, wholeTo, to, leads, open }] of rarestFirst.entries()) {
      for (let p = from; p < to; p++) {
        const row = data.rows[p];
        const fields = data.fields[p];
        const mask =
          p < wholeTo ? (fields * 257) | COMPLETE | COMPLETE_BUT_LAST : open ? fields | COMPLETE_BUT_LAST : fields;
        if (stage[row] === step) {
          if (step === 0) rows[count++] = row;
          stage[row] = step + 1;
          current[row] = mask;
        } else if (stage[row] === step + 1) {
          current[row] |= mask;
        }
      }
      const startMask = leads ? 0 : FIELD.start * 257;
      let remaining = 0;
      for (let i = 0; i < count; i++) {
        const row = rows[i];
        if (stage[row] !== step + 1) {
          stage[row] = 0;
          continue;
        }
        masks[row] = (step === 0 ? 0xffff : masks[row]) & (current[row] | startMask);
        rows[remaining++] = row;
      }
      count = remaining;
      if (count === 0) return 0;
    }
    for (let i = 0; i < count; i++) stage[rows[i]] = 0;
    return count;
  }

  /** Sums for each row the weights of the closest class of each query token. @returns the number of rows */
  accumulate(tokens: readonly Evidence[]): number {
    const { data, rows, evidence, inTitle, stage } = this;
    const rarestFirst = [...tokens].sort((a, b) => a.postings - b.postings);
    const common = Math.max(COMMON_ROWS, COMMON_SHARE * rows.length);
    let count = 0;
    for (const [step, { classes, weights, postings }] of rarestFirst.entries()) {
      const addsRows = count === 0 || postings <= common;
      for (const [closeness, members] of classes.entries()) {
        const weight = weights[closeness];
        for (const token of members) {
          for (let p = data.offsets[token], end = data.offsets[token + 1]; p < end; p++) {
            const row = data.rows[p];
            const known = stage[row];
            if (known === step + 1) continue;
            if (known === 0) {
              if (!addsRows) continue;
              rows[count++] = row;
              evidence[row] = 0;
              inTitle[row] = 0;
            }
            stage[row] = step + 1;
            evidence[row] += weight;
            if (data.fields[p] & FIELD.title) inTitle[row]++;
          }
        }
      }
    }
    for (let i = 0; i < count; i++) stage[rows[i]] = 0;
    return count;
  }
}
