import type { Segment } from './segment';

/** The rows of items by own and external ids. */
export class ItemIds {
  private readonly segments: readonly Segment[];
  private readonly firstRow: number;
  /** Built at the first look-up, since a map of all ids takes a while. */
  private ownRows: Map<string, number> | undefined;
  private externalRows: Map<string, number> | undefined;

  /**
   * @param segments consecutive ones
   * @param firstRow the catalog row of the first item in them
   */
  constructor(segments: readonly Segment[], firstRow = 0) {
    this.segments = segments;
    this.firstRow = firstRow;
  }

  /** The row of an item by its own id. */
  byOwnId(id: string): number | undefined {
    if (!this.ownRows) {
      this.ownRows = new Map();
      for (const { segment, first } of this.placed())
        for (let row = 0; row < segment.size; row++) this.ownRows.set(segment.id(row), first + row);
    }
    return this.ownRows.get(id);
  }

  /**
   * The row of an item by an external id, as `tt0111161` or `tmdb:278`. Where two systems use the same id for different
   * items, the id without a key belongs to the system listed first and the more popular item.
   */
  byExternalId(id: string): number | undefined {
    this.externalRows ??= this.indexExternalIds();
    return this.externalRows.get(id);
  }

  private indexExternalIds(): Map<string, number> {
    const rows = new Map<string, number>();
    const keys = new Set(this.segments.flatMap(({ externalKeys }) => externalKeys));
    for (const key of keys) {
      for (const { segment, first } of this.placed()) {
        for (let row = 0; row < segment.size; row++) {
          const value = segment.external(row, key);
          if (value === '') continue;
          if (!rows.has(value)) rows.set(value, first + row);
          rows.set(`${key}:${value}`, first + row);
        }
      }
    }
    return rows;
  }

  private *placed(): Generator<{ segment: Segment; first: number }> {
    let first = this.firstRow;
    for (const segment of this.segments) {
      yield { segment, first };
      first += segment.size;
    }
  }
}
