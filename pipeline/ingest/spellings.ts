import { getOrSet } from './text';

/** Unifies the spellings of names: spellings with the same key get the most frequent form. */
export class Spellings {
  private readonly keyOf: (name: string) => string;
  /** Key of a synonym → key of the name. */
  private readonly alias = new Map<string, string>();
  private readonly forms = new Map<string, Map<string, number>>();

  /**
   * @param keyOf spellings with equal keys are the same name
   * @param same lists of synonyms; the first of each list is the usual form
   */
  constructor(keyOf: (name: string) => string, same: readonly (readonly [name: string, ...others: string[]])[] = []) {
    this.keyOf = keyOf;
    for (const [name, ...others] of same) {
      this.forms.set(keyOf(name), new Map([[name, Number.POSITIVE_INFINITY]]));
      for (const other of others) this.join(other, name);
    }
  }

  /** Makes `other` a synonym of `name`, unless it already is one of another name. */
  join(other: string, name: string): void {
    const key = this.keyOf(other);
    const target = this.key(name);
    if (key !== target && !this.alias.has(key)) this.alias.set(key, target);
  }

  /** Counts a spelling. Call it with all spellings before {@link Spellings.usual}. */
  add(name: string): void {
    const forms = getOrSet(this.forms, this.key(name), () => new Map<string, number>());
    forms.set(name, (forms.get(name) ?? 0) + 1);
  }

  /** The most frequent spelling of a name; of ties the last by code unit, which has the fewest capitals. */
  usual(name: string): string {
    let best: [form: string, count: number] | undefined;
    for (const entry of this.forms.get(this.key(name)) ?? []) {
      if (best === undefined || entry[1] > best[1] || (entry[1] === best[1] && entry[0] > best[0])) best = entry;
    }
    return best?.[0] ?? name;
  }

  /** The common key of all spellings and synonyms of a name. */
  key(name: string): string {
    let key = this.keyOf(name);
    // A target may have become a synonym itself later. Cycles cannot arise.
    for (let next = this.alias.get(key); next !== undefined; next = this.alias.get(key)) key = next;
    return key;
  }
}

/**
 * The key without the plural of its last word, so that "databases" and "database", "strategies" and "strategy",
 * "zombies" and "zombie" get the same key. The result is not a word: "zombie" gives "zomby".
 */
export function singular(key: string): string {
  if (key.length <= 4) return key;
  return key.replace(/(?:ies|ie|y)$/, 'y').replace(/([^siu])s$/, '$1');
}
