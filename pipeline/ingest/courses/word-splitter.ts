import { getOrSet } from '../text';

/** Rarer words are more often misspellings or names than words, and would take others apart. */
const LEAST_USES = 4;
/** Words of a single letter; any other letter standing alone is a sign of a wrong cut. */
const SINGLE_LETTERS = new Set(['a', 'i', 'r']);
const LONGEST_WORD = 20;

/**
 * Takes apart words written together, as in the address "howtocontrolanger": the likeliest sequence of known
 * words, each by its frequency (a unigram model, decoded by dynamic programming).
 */
export class WordSplitter {
  readonly #uses = new Map<string, number>();
  #total = 0;

  /** Learns words and their frequencies from running text. */
  learn(text: string): void {
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
      if (word.length === 1 && !SINGLE_LETTERS.has(word)) continue;
      this.#uses.set(word, (this.#uses.get(word) ?? 0) + 1);
      this.#total++;
    }
  }

  /** The words that a lower-case compound is made of; the compound itself where it is a word or cannot be split. */
  split(compound: string): string[] {
    return compound
      .split(/(\d+)/)
      .flatMap((part) => (part === '' ? [] : /\d/.test(part) ? [part] : this.#splitLetters(part)));
  }

  #splitLetters(letters: string): string[] {
    if (this.#cost(letters) !== undefined) return [letters];
    /** Position → cheapest way to get there. */
    const best = new Map<number, { cost: number; from: number }>([[0, { cost: 0, from: 0 }]]);
    for (let to = 1; to <= letters.length; to++) {
      for (let from = Math.max(0, to - LONGEST_WORD); from < to; from++) {
        const before = best.get(from);
        const cost = this.#cost(letters.slice(from, to));
        if (before === undefined || cost === undefined) continue;
        const step = getOrSet(best, to, () => ({ cost: Number.POSITIVE_INFINITY, from: 0 }));
        if (before.cost + cost < step.cost) best.set(to, { cost: before.cost + cost, from });
      }
    }
    const words: string[] = [];
    for (let to = letters.length; to > 0; ) {
      const step = best.get(to);
      if (step === undefined) return [letters];
      words.unshift(letters.slice(step.from, to));
      to = step.from;
    }
    return words;
  }

  /** −log of the word's frequency; undefined for what is no word. */
  #cost(word: string): number | undefined {
    const uses = this.#uses.get(word) ?? 0;
    return uses < LEAST_USES ? undefined : Math.log(this.#total / uses);
  }
}
