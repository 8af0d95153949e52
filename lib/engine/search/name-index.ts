import { NAME_KINDS, type NameKind, namesOfTitle, normalName } from './normal-name';

/** Entries are sorted in so many parts, each in one slice. */
const PARTS = 256;
const KIND_BITS = 3;
const ROW_BITS = 18;
/** Larger catalogs have more rows than an entry has bits for. */
const MAX_ROWS = 2 ** ROW_BITS;

/** The texts of an item that are names. */
export interface NamedDocument {
  /** The title, then alternative titles. */
  titles: readonly string[];
  /** People and other searchable names. */
  creators: readonly string[];
}

/** Finds items by the whole of a name in its normal form. Holds a number for each name: its hash, the row, the kind. */
export class NameIndex {
  /** hash · 2²¹ + row · 2³ + kind, ascending. */
  private readonly entries: Float64Array;

  /** @param entries of {@link NameIndexBuilder} */
  constructor(entries: Float64Array) {
    this.entries = entries;
  }

  /**
   * The rows whose names have the same hash as this one, with the surest kind of each: nearly always those of the name
   * itself, and otherwise one in a hundred thousand.
   *
   * @param name of {@link normalName}
   */
  find(name: string): Map<number, NameKind> {
    const found = new Map<number, NameKind>();
    if (name === '') return found;
    const { entries } = this;
    const from = hash(name) * 2 ** (ROW_BITS + KIND_BITS);
    const to = from + 2 ** (ROW_BITS + KIND_BITS);
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entries[middle] < from) low = middle + 1;
      else high = middle;
    }
    for (; low < entries.length && entries[low] < to; low++) {
      const rest = entries[low] - from;
      const row = Math.floor(rest / 2 ** KIND_BITS);
      // Kinds of one row ascend, and the first is the surest.
      if (!found.has(row)) found.set(row, NAME_KINDS[rest % 2 ** KIND_BITS]);
    }
    return found;
  }
}

/** The index of no items. */
export const NO_NAMES = new NameIndex(new Float64Array());

/** Hashes the names of documents in row order. */
export class NameIndexBuilder {
  private readonly parts: number[][] = Array.from({ length: PARTS }, () => []);
  /** Hashes by name: a few thousand people occur again and again. */
  private readonly known = new Map<string, number>();
  private row = 0;

  /** Adds the document of the next row. */
  add({ titles, creators }: NamedDocument): void {
    if (this.row === MAX_ROWS) return;
    for (const title of titles) for (const { name, kind } of namesOfTitle(title)) this.addName(hash(name), kind);
    for (const creator of creators) {
      let hashed = this.known.get(creator);
      if (hashed === undefined) {
        hashed = hash(normalName(creator));
        this.known.set(creator, hashed);
      }
      this.addName(hashed, 'creator');
    }
    this.row++;
  }

  /** Sorts the names, in slices of less than a millisecond. */
  *finish(): Generator<undefined, NameIndex> {
    const entries = new Float64Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      entries.set(Float64Array.from(part).sort(), at);
      at += part.length;
      yield;
    }
    return new NameIndex(entries);
  }

  private addName(hashed: number, kind: NameKind): void {
    const entry = (hashed * MAX_ROWS + this.row) * 2 ** KIND_BITS + NAME_KINDS.indexOf(kind);
    this.parts[Math.floor(hashed / 2 ** 24)].push(entry);
  }
}

/** FNV-1a of the code units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
