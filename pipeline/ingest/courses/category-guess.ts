import { getOrSet } from '../text';

/** A course whose categories are known, or are to be guessed. */
export interface CategoryEvidence {
  title: string;
  skills: readonly string[];
}

const NEIGHBOURS = 25;
/** Nothing is guessed where even the nearest course is less alike than this cosine. */
const LEAST_SIMILARITY = 0.28;
/** The nearest courses have to agree by this share of their weight. */
const LEAST_AGREEMENT = 0.55;

const STOP_WORDS = new Set(
  (
    'the an to of and in for with from how your you on by at is it as or course courses complete learn learning guide ' +
    'beginner beginners introduction intro master masterclass training step using use build create basics basic ' +
    'fundamentals advanced part class all essentials ultimate hands tutorial new get make'
  ).split(' '),
);

/**
 * Guesses the categories of courses that have none, from the courses most like them that do: cosine over TF-IDF of
 * the words of titles and skills, and a vote of the nearest, weighted by the square of the cosine.
 */
export class CategoryGuesser {
  readonly #categories: readonly (readonly string[])[];
  /** Term → courses that have it. */
  readonly #postings = new Map<string, number[]>();
  readonly #norms: Float64Array;

  /** @param known courses with their categories, the widest first */
  constructor(known: readonly (CategoryEvidence & { categories: readonly string[] })[]) {
    this.#categories = known.map(({ categories }) => categories);
    const terms = known.map(termsOf);
    terms.forEach((list, index) => {
      for (const term of list) getOrSet(this.#postings, term, () => []).push(index);
    });
    this.#norms = Float64Array.from(terms, (list) => this.#norm(list));
  }

  /** The categories on which the nearest courses agree, the widest first; empty where they do not. */
  guess(course: CategoryEvidence): string[] {
    const terms = [...termsOf(course)];
    const nearest = this.#nearest(terms);
    if (nearest.length === 0 || nearest[0].cosine < LEAST_SIMILARITY) return [];

    const guessed: string[] = [];
    const total = nearest.reduce((sum, { cosine }) => sum + cosine ** 2, 0);
    for (let depth = 0; ; depth++) {
      const votes = new Map<string, number>();
      for (const { index, cosine } of nearest) {
        const path = this.#categories[index];
        if (path.length <= depth || !guessed.every((category, level) => path[level] === category)) continue;
        votes.set(path[depth], (votes.get(path[depth]) ?? 0) + cosine ** 2 / total);
      }
      const winner = [...votes].find(([, share]) => share >= LEAST_AGREEMENT);
      if (winner === undefined) return guessed;
      guessed.push(winner[0]);
    }
  }

  /** The known courses most like the terms, nearest first; between equals the earlier. */
  #nearest(terms: string[]): { index: number; cosine: number }[] {
    const norm = this.#norm(terms);
    const cosines = new Map<number, number>();
    for (const term of terms) {
      const weight = this.#idf(term) ** 2 / norm;
      for (const index of this.#postings.get(term) ?? []) {
        cosines.set(index, (cosines.get(index) ?? 0) + weight / this.#norms[index]);
      }
    }
    const nearest: { index: number; cosine: number }[] = [];
    for (const [index, cosine] of cosines) {
      const last = nearest[nearest.length - 1];
      if (nearest.length === NEIGHBOURS && (cosine < last.cosine || (cosine === last.cosine && index > last.index)))
        continue;
      if (nearest.length === NEIGHBOURS) nearest.pop();
      nearest.push({ index, cosine });
      nearest.sort((a, b) => b.cosine - a.cosine || a.index - b.index);
    }
    return nearest;
  }

  #idf(term: string): number {
    return Math.log((this.#categories.length + 1) / ((this.#postings.get(term)?.length ?? 0) + 1)) + 1;
  }

  /** Terms that no known course has count for nothing: they cannot tell one from another. */
  #norm(terms: Iterable<string>): number {
    let sum = 0;
    for (const term of terms) if (this.#postings.has(term)) sum += this.#idf(term) ** 2;
    return Math.sqrt(sum) || 1;
  }
}

/** Words of the title and of the skills, and each skill as a whole. */
function termsOf({ title, skills }: CategoryEvidence): Set<string> {
  const words = [title, ...skills].flatMap((text) => text.toLowerCase().match(/[\p{L}\p{N}+#]{2,}/gu) ?? []);
  const terms = words
    .filter((word) => !STOP_WORDS.has(word))
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word));
  return new Set([...terms, ...skills.map((skill) => `=${skill.toLowerCase()}`)]);
}
