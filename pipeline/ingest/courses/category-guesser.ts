import { getOrSet } from '../text';

/** The features by which courses are compared. */
export interface CategoryEvidence {
  title: string;
  skills: readonly string[];
}

const NEIGHBOURS = 25;
/** The smallest cosine of the nearest course for a guess. */
const MIN_SIMILARITY = 0.28;
/** The smallest share of the neighbours' weight that has to agree. */
const MIN_AGREEMENT = 0.55;

const STOP_WORDS = new Set(
  (
    'the an to of and in for with from how your you on by at is it as or course courses complete learn learning guide ' +
    'beginner beginners introduction intro master masterclass training step using use build create basics basic ' +
    'fundamentals advanced part class all essentials ultimate hands tutorial new get make'
  ).split(' '),
);

/**
 * Guesses the categories of courses without any by k nearest neighbours: cosine over TF-IDF of the words of titles and
 * skills, and a vote weighted by the square of the cosine.
 */
export class CategoryGuesser {
  private readonly categories: readonly (readonly string[])[];
  /** Term → indices of the courses that have it. */
  private readonly postings = new Map<string, number[]>();
  private readonly norms: Float64Array;

  /** @param known courses with their categories, the widest first */
  constructor(known: readonly (CategoryEvidence & { categories: readonly string[] })[]) {
    this.categories = known.map(({ categories }) => categories);
    const terms = known.map(termsOf);
    terms.forEach((list, index) => {
      for (const term of list) getOrSet(this.postings, term, () => []).push(index);
    });
    this.norms = Float64Array.from(terms, (list) => this.norm(list));
  }

  /** The categories on which the nearest courses agree, the widest first; empty if they do not agree. */
  guess(course: CategoryEvidence): string[] {
    const terms = [...termsOf(course)];
    const nearest = this.nearest(terms);
    if (nearest.length === 0 || nearest[0].cosine < MIN_SIMILARITY) return [];

    const guessed: string[] = [];
    const total = nearest.reduce((sum, { cosine }) => sum + cosine ** 2, 0);
    for (let depth = 0; ; depth++) {
      const votes = new Map<string, number>();
      for (const { index, cosine } of nearest) {
        const path = this.categories[index];
        if (path.length <= depth || !guessed.every((category, level) => path[level] === category)) continue;
        votes.set(path[depth], (votes.get(path[depth]) ?? 0) + cosine ** 2 / total);
      }
      const winner = [...votes].find(([, share]) => share >= MIN_AGREEMENT);
      if (winner === undefined) return guessed;
      guessed.push(winner[0]);
    }
  }

  /** The most similar known courses, nearest first; of ties the earlier. */
  private nearest(terms: string[]): { index: number; cosine: number }[] {
    const norm = this.norm(terms);
    const cosines = new Map<number, number>();
    for (const term of terms) {
      const weight = this.idf(term) ** 2 / norm;
      for (const index of this.postings.get(term) ?? []) {
        cosines.set(index, (cosines.get(index) ?? 0) + weight / this.norms[index]);
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

  private idf(term: string): number {
    return Math.log((this.categories.length + 1) / ((this.postings.get(term)?.length ?? 0) + 1)) + 1;
  }

  /** Euclidean norm over terms of known courses. Other terms are ignored, because they match no course. */
  private norm(terms: Iterable<string>): number {
    let sum = 0;
    for (const term of terms) if (this.postings.has(term)) sum += this.idf(term) ** 2;
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
