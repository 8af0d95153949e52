import { FIELD, type SearchColumns } from './columns';

/** Added to a row's mask where every query token is there as a whole word. */
export const COMPLETE = 128;
/** Added where every query token is there as a whole word, save the last, which may be a beginning. */
export const COMPLETE_BUT_LAST = 64;

/** The postings of one query token. */
export interface Span {
  /** Postings `from … wholeTo` are of the token itself, `wholeTo … to` of longer ones that begin with it. */
  from: number;
  wholeTo: number;
  to: number;
  /** The first token of the query, a leading article aside. */
  leads: boolean;
  /** The token is the last one and still being typed. */
  open: boolean;
}

/** Tokens of the vocabulary that speak for one query token, and for how much. */
export interface Evidence {
  /** Token numbers by class of closeness, closest first. */
  classes: number[][];
  /** What a row earns by its closest class. */
  weights: number[];
  /** Postings of all classes together. */
  postings: number;
}

/** A token found in more rows than this, or than this share of a large catalog, brings none in by itself. */
const COMMON_ROWS = 1000;
const COMMON_SHARE = 0.1;

/**
 * Walks posting lists with one set of buffers a catalog, so that a search allocates nothing by posting.
 * Each scan leaves its rows in `rows` and what it found out about them in the per-row arrays, until the next.
 */
export class PostingScan {
  /** Rows found, in no particular order; the count is what the scan returned. */
  readonly rows: Uint32Array;
  /**
   * By row, after {@link intersect}. Low byte: the {@link FIELD}s that hold every token, {@link COMPLETE} and
   * {@link COMPLETE_BUT_LAST}. High byte: the fields that hold every token as a whole word. `start` is about
   * the leading token alone.
   */
  readonly masks: Uint16Array;
  /** By row, after {@link accumulate}: the sum of the weights. */
  readonly evidence: Float32Array;
  /** By row, after {@link accumulate}: how many query tokens are in the title. */
  readonly inTitle: Uint8Array;

  private readonly data: SearchColumns;
  private readonly current: Uint16Array;
  /** By row: how far it has come in the scan under way; all zero between scans. */
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

  /** Finds the rows that have every token in some field. Returns their number. */
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
      const startIsFree = leads ? 0 : FIELD.start * 257;
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const row = rows[i];
        if (stage[row] !== step + 1) {
          stage[row] = 0;
          continue;
        }
        masks[row] = (step === 0 ? 0xffff : masks[row]) & (current[row] | startIsFree);
        rows[kept++] = row;
      }
      count = kept;
      if (count === 0) return 0;
    }
    for (let i = 0; i < count; i++) stage[rows[i]] = 0;
    return count;
  }

  /** Adds up, for each row, the weight of the closest class of each query token. Returns the number of rows. */
  accumulate(tokens: readonly Evidence[]): number {
    const { data, rows, evidence, inTitle, stage } = this;
    const rarestFirst = [...tokens].sort((a, b) => a.postings - b.postings);
    const common = Math.max(COMMON_ROWS, COMMON_SHARE * rows.length);
    let count = 0;
    for (const [step, { classes, weights, postings }] of rarestFirst.entries()) {
      const bringsRows = count === 0 || postings <= common;
      for (const [closeness, members] of classes.entries()) {
        const weight = weights[closeness];
        for (const token of members) {
          for (let p = data.offsets[token], end = data.offsets[token + 1]; p < end; p++) {
            const row = data.rows[p];
            const known = stage[row];
            if (known === step + 1) continue;
            if (known === 0) {
              if (!bringsRows) continue;
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
