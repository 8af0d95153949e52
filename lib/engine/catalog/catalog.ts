import type { ItemSummary } from '../../contracts/engine';
import { ItemIds } from './item-ids';
import type { BuiltSegment, DeltaSegment, Segment } from './segment';

/** The items by row, over all segments, and every id by which one may be requested. Immutable. */
export class Catalog {
  /** The segments of the build, then one of what was added, if anything was. */
  readonly segments: readonly Segment[];
  /** Rows of all segments, those of withdrawn items included. */
  readonly size: number;
  /** Rows of the build alone. */
  readonly builtSize: number;
  /** Rows of items that no answer may contain any more. */
  readonly withdrawn: ReadonlySet<number>;
  private readonly starts: readonly number[];
  private readonly builtIds: ItemIds;
  private readonly addedIds: ItemIds;

  /**
   * @param built the segments of the build, in row order
   * @param builtIds of these segments
   * @param added items of which the build has none; null where there are none
   * @param withdrawnIds own ids; unknown ones are ignored
   */
  constructor(
    built: readonly BuiltSegment[],
    builtIds: ItemIds,
    added: DeltaSegment | null,
    withdrawnIds: ReadonlySet<string>,
  ) {
    this.segments = added ? [...built, added] : built;
    let size = 0;
    this.starts = this.segments.map((segment) => {
      const start = size;
      size += segment.size;
      return start;
    });
    this.size = size;
    this.builtSize = size - (added?.size ?? 0);
    this.builtIds = builtIds;
    this.addedIds = new ItemIds(added ? [added] : [], this.builtSize);
    this.withdrawn = new Set([...withdrawnIds].flatMap((id) => builtIds.byOwnId(id) ?? []));
  }

  /** Whether the build has an item of this own id. */
  isBuilt(id: string): boolean {
    return this.builtIds.byOwnId(id) !== undefined;
  }

  /** The row of an item by its own or else an external id, as `tt0111161` or `tmdb:278`; not of withdrawn items. */
  resolve(id: string): number | undefined {
    const row =
      this.builtIds.byOwnId(id) ??
      this.builtIds.byExternalId(id) ??
      this.addedIds.byOwnId(id) ??
      this.addedIds.byExternalId(id);
    return row === undefined || this.withdrawn.has(row) ? undefined : row;
  }

  /** The rows of some ids, each once; ids that the catalog does not have are appended to `unknown`. */
  resolveAll(ids: readonly string[], unknown: string[]): number[] {
    const rows = new Set<number>();
    for (const id of ids) {
      const row = this.resolve(id);
      if (row === undefined) unknown.push(id);
      else rows.add(row);
    }
    return [...rows];
  }

  id(row: number): string {
    return this.read(row, (segment, at) => segment.id(at));
  }

  title(row: number): string {
    return this.read(row, (segment, at) => segment.title(at));
  }

  /** Other titles of the same item. */
  aka(row: number): string[] {
    return this.read(row, (segment, at) => segment.aka(at));
  }

  creators(row: number): string[] {
    return this.read(row, (segment, at) => segment.creators(at));
  }

  year(row: number): number | null {
    return this.read(row, (segment, at) => segment.year(at));
  }

  /** How many users of the training data chose the item. */
  popularity(row: number): number {
    return this.read(row, (segment, at) => segment.popularity(at));
  }

  summary(row: number): ItemSummary {
    return this.read(row, (segment, at) => segment.summary(at));
  }

  /** Factors that came with the item; null where it has none of its own. */
  factors(row: number): Float32Array | null {
    return this.read(row, (segment, at) => segment.factors(at));
  }

  /** When the item was published, Unix seconds; null where it is not new. */
  publishedAt(row: number): number | null {
    return this.read(row, (segment, at) => segment.publishedAt(at));
  }

  private read<T>(row: number, read: (segment: Segment, at: number) => T): T {
    let part = this.starts.length - 1;
    while (this.starts[part] > row) part--;
    return read(this.segments[part], row - this.starts[part]);
  }
}
