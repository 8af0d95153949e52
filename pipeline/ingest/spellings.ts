import { getOrSet } from './text';

/**
 * Brings the spellings of a name together: all that share a key are written the way that is met most often.
 */
export class Spellings {
  readonly #keyOf: (name: string) => string;
  /** Key of another word for a thing → key of the thing. */
  readonly #alias = new Map<string, string>();
  readonly #forms = new Map<string, Map<string, number>>();

  /**
   * @param keyOf spellings with equal keys are one name
   * @param same lists of different words for one thing, each written as its first
   */
  constructor(keyOf: (name: string) => string, same: readonly (readonly [name: string, ...others: string[]])[] = []) {
    this.#keyOf = keyOf;
    for (const [name, ...others] of same) {
      this.#forms.set(keyOf(name), new Map([[name, Number.POSITIVE_INFINITY]]));
      for (const other of others) this.join(other, name);
    }
  }

  /** Makes `other` another word for `name`, unless it is one for something already. */
  join(other: string, name: string): void {
    const key = this.#keyOf(other);
    const target = this.key(name);
    if (key !== target && !this.#alias.has(key)) this.#alias.set(key, target);
  }

  /** Counts a spelling; to be called with every one before {@link Spellings.usual}. */
  add(name: string): void {
    const forms = getOrSet(this.#forms, this.key(name), () => new Map<string, number>());
    forms.set(name, (forms.get(name) ?? 0) + 1);
  }

  /** The usual spelling of a name: the commonest, between equals the last by code unit, which shouts least. */
  usual(name: string): string {
    let best: [form: string, count: number] | undefined;
    for (const entry of this.#forms.get(this.key(name)) ?? []) {
      if (best === undefined || entry[1] > best[1] || (entry[1] === best[1] && entry[0] > best[0])) best = entry;
    }
    return best?.[0] ?? name;
  }

  /** The key under which all spellings of a name, and other words for it, meet. */
  key(name: string): string {
    let key = this.#keyOf(name);
    // An alias may lead to one that was itself joined later; two of them never lead to each other.
    for (let next = this.#alias.get(key); next !== undefined; next = this.#alias.get(key)) key = next;
    return key;
  }
}

/**
 * The key without the plural of its last word, so that "databases" and "database", "strategies" and "strategy",
 * "zombies" and "zombie" meet. A key, not a word: "zombie" gives "zomby".
 */
export function singular(key: string): string {
  if (key.length <= 4) return key;
  return key.replace(/(?:ies|ie|y)$/, 'y').replace(/([^siu])s$/, '$1');
}
