import { getOrSet } from '../text';

/** Rarer words are mostly misspellings or names, and would cause wrong splits. */
const MIN_USES = 4;
/** Words of a single letter. Any other single letter indicates a wrong split. */
const SINGLE_LETTERS = new Set(['a', 'i', 'r']);
const MAX_WORD_LENGTH = 20;

/**
 * Splits words written together, as in the URL "howtocontrolanger", into the most likely sequence of known words (a
 * unigram model, decoded by dynamic programming).
 */
export class WordSplitter {
  private readonly uses = new Map<string, number>();
  private total = 0;

  /** Learns words and their frequencies from running text. */
  learn(text: string): void {
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
      if (word.length === 1 && !SINGLE_LETTERS.has(word)) continue;
      this.uses.set(word, (this.uses.get(word) ?? 0) + 1);
      this.total++;
    }
  }

  /** The words of a lower-case compound; the compound itself if it is a word or cannot be split. */
  split(compound: string): string[] {
    return compound
      .split(/(\d+)/)
      .flatMap((part) => (part === '' ? [] : /\d/.test(part) ? [part] : this.splitLetters(part)));
  }

  private splitLetters(letters: string): string[] {
    if (this.cost(letters) !== undefined) return [letters];
    /** Position → cheapest split up to there. */
    const best = new Map<number, { cost: number; from: number }>([[0, { cost: 0, from: 0 }]]);
    for (let to = 1; to <= letters.length; to++) {
      for (let from = Math.max(0, to - MAX_WORD_LENGTH); from < to; from++) {
        const before = best.get(from);
        const cost = this.cost(letters.slice(from, to));
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

  /** −log of the word's relative frequency; undefined if it is not a known word. */
  private cost(word: string): number | undefined {
    const uses = this.uses.get(word) ?? 0;
    return uses < MIN_USES ? undefined : Math.log(this.total / uses);
  }
}
