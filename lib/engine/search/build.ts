import { FIELD, type SearchColumns } from './columns';
import { tokenize, withoutArticle } from './normalise';

/** The texts by which search finds an item. */
export interface SearchDocument {
  /** The title, then alternative titles. */
  titles: string[];
  /** Creators and other searchable names, such as the cast. */
  creators: string[];
  year: number | null;
}

/** Documents or tokens processed in one slice, about a millisecond of work. */
const DOCUMENTS_PER_SLICE = 256;
const TOKENS_PER_SLICE = 4096;

/** Postings in order of discovery. They are grouped by token later. */
class PostingList {
  /** Token numbers by token, in order of first appearance. */
  readonly numbers = new Map<string, number>();
  tokens = new Uint32Array(1 << 16);
  rows = new Uint32Array(1 << 16);
  fields = new Uint8Array(1 << 16);
  length = 0;
  /** Index of the latest posting, by token number. */
  private latest = new Uint32Array(1 << 14);

  number(token: string): number {
    const known = this.numbers.get(token);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(token, number);
    if (number === this.latest.length) this.latest = grown(this.latest);
    // The token has no posting yet: `add` ignores this index, since no posting or another token’s is there.
    this.latest[number] = this.length;
    return number;
  }

  /** Adds a posting, or its field to the posting of the same token and row. Rows must be ascending. */
  add(number: number, row: number, field: number): void {
    const latest = this.latest[number];
    if (latest < this.length && this.tokens[latest] === number && this.rows[latest] === row) {
      this.fields[latest] |= field;
      return;
    }
    if (this.length === this.rows.length) {
      this.tokens = grown(this.tokens);
      this.rows = grown(this.rows);
      this.fields = grown(this.fields);
    }
    this.tokens[this.length] = number;
    this.rows[this.length] = row;
    this.fields[this.length] = field;
    this.latest[number] = this.length++;
  }
}

function grown<T extends Uint8Array | Uint32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(2 * array.length);
  larger.set(array);
  return larger;
}

/**
 * Indexes documents in row order, starting with row 0. It is a generator so that the worker can respond to calls
 * between slices.
 */
export function* indexing(documents: Iterable<SearchDocument>): Generator<undefined, SearchColumns> {
  const postings = new PostingList();
  /** Token numbers by name: a cache, because a few thousand names occur again and again. */
  const names = new Map<string, number[]>();
  let row = 0;
  for (const { titles, creators, year } of documents) {
    for (let i = 0; i < titles.length; i++) {
      const tokens = tokenize(titles[i]);
      const field = i === 0 ? FIELD.title : FIELD.aka;
      const start = tokens.length - withoutArticle(tokens).length;
      for (let t = 0; t < tokens.length; t++)
        postings.add(postings.number(tokens[t]), row, t === 0 || t === start ? field | FIELD.start : field);
    }
    for (const name of creators) {
      let tokens = names.get(name);
      if (!tokens) {
        tokens = tokenize(name).map((token) => postings.number(token));
        names.set(name, tokens);
      }
      for (const token of tokens) postings.add(token, row, FIELD.creators);
    }
    if (year !== null) postings.add(postings.number(String(Math.abs(year))), row, FIELD.year);
    row++;
    if (row % DOCUMENTS_PER_SLICE === 0) yield;
  }

  const { numbers } = postings;
  const tokens = yield* sorting([...numbers.keys()]);
  /** Place in the sorted tokens, by token number. */
  const places = new Uint32Array(tokens.length);
  for (let place = 0; place < tokens.length; place++) {
    places[numbers.get(tokens[place])!] = place;
    if (place % TOKENS_PER_SLICE === 0) yield;
  }
  // Counting sort by token. It is stable, so rows remain ascending.
  const offsets = new Uint32Array(tokens.length + 1);
  for (let p = 0; p < postings.length; p++) offsets[places[postings.tokens[p]] + 1]++;
  for (let place = 0; place < tokens.length; place++) offsets[place + 1] += offsets[place];
  yield;
  const next = offsets.slice();
  const rows = new Uint32Array(postings.length);
  const fields = new Uint8Array(postings.length);
  for (let p = 0; p < postings.length; p++) {
    const at = next[places[postings.tokens[p]]]++;
    rows[at] = postings.rows[p];
    fields[at] = postings.fields[p];
  }
  return { tokens, offsets, rows, fields };
}

/** Sorts by code unit, the default order of strings, in one slice for each first letter. */
function* sorting(tokens: readonly string[]): Generator<undefined, string[]> {
  const groups = new Map<number, string[]>();
  for (const token of tokens) {
    const first = token.charCodeAt(0);
    const group = groups.get(first);
    if (group) group.push(token);
    else groups.set(first, [token]);
  }
  yield;
  const sorted: string[] = [];
  for (const first of [...groups.keys()].sort((a, b) => a - b)) {
    for (const token of groups.get(first)!.sort()) sorted.push(token);
    yield;
  }
  return sorted;
}

/** Runs a generator to its end without pausing between slices. */
export function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** {@link indexing} in one go. */
export const buildSearchData = (documents: Iterable<SearchDocument>): SearchColumns => finish(indexing(documents));
