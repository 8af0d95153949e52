import type { NewItem } from '../../contracts/live-signals';
import type { ContentColumns } from '../../format/content';
import { concatArrays } from '../../math/sparse';
import { countItemTerms } from './item-terms';
import type { TermCounts, TermStatistics } from './tfidf';

/** A term in more than this share of the catalog (English, United States) is not informative when named. */
const MAX_NAMED_SHARE = 0.2;

/** The terms of the catalog, numbered through its segments, with what is known of each. Immutable. */
export class ContentVocabulary implements TermStatistics {
  readonly fields: ContentColumns['fields'];
  readonly terms: string[];
  readonly termFields: Uint8Array;
  readonly documentFrequency: Uint32Array;
  /** By term, 0 or 1: whether the search box finds items by it. */
  readonly isSearched: Uint8Array;
  private readonly itemCount: number;
  private readonly isNameable: boolean[];
  /** Matching a new item against all terms is slow, and the same items are added again with every change. */
  private readonly counted = new WeakMap<NewItem, TermCounts>();

  /**
   * @param parts the content of head and tail, whose terms are numbered on
   * @param itemCount items of the whole catalog, whether they are here or not
   */
  constructor(parts: readonly ContentColumns[], itemCount: number) {
    const [head, tail] = parts;
    this.itemCount = itemCount;
    this.fields = head.fields;
    this.terms = tail ? head.terms.concat(tail.terms) : head.terms;
    this.termFields = tail ? concatArrays(head.termFields, tail.termFields) : head.termFields;
    this.documentFrequency = tail
      ? concatArrays(head.documentFrequency, tail.documentFrequency)
      : head.documentFrequency;
    this.isNameable = Array.from(
      this.termFields,
      (field, term) => this.fields[field].tellable && this.documentFrequency[term] <= MAX_NAMED_SHARE * this.itemCount,
    );
    this.isSearched = Uint8Array.from(this.termFields, (field) => Number(this.fields[field].search ?? false));
    for (const { notNamed } of parts) for (const term of notNamed) this.isNameable[term] = false;
  }

  get size(): number {
    return this.terms.length;
  }

  /**
   * The rarest `limit` of some terms that a reason may name: not words of running text, nor terms of most items. What
   * few items have, such as a person or a series, explains more than what many have.
   */
  nameTerms(terms: readonly number[], limit: number): string[] {
    return terms
      .filter((term) => this.isNameable[term])
      .sort((a, b) => this.documentFrequency[a] - this.documentFrequency[b])
      .slice(0, limit)
      .map((term) => this.terms[term]);
  }

  /** The known terms of items that came after the build, parallel to `items`. */
  countTerms<Item extends NewItem>(items: readonly Item[]): TermCounts[] {
    const uncounted = items.filter((item) => !this.counted.has(item));
    countItemTerms(uncounted, this, this.itemCount).forEach((counts, i) => {
      this.counted.set(uncounted[i], counts);
    });
    return items.map((item) => this.counted.get(item)!);
  }
}
