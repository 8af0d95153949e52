import { getOrSet } from '../text';

/** A word has a capital form of its own where this share of its uses inside sentences, and this many, have it. */
const LEAST_SHARE = 0.8;
const LEAST_USES = 3;
/** Names that lost their punctuation in an address. */
const PHRASES: [RegExp, string][] = [
  [/\basp net\b/gi, 'ASP.NET'],
  [/\bado net\b/gi, 'ADO.NET'],
  [/\bnode js\b/gi, 'Node.js'],
  [/\bvue js\b/gi, 'Vue.js'],
  [/\breact js\b/gi, 'React.js'],
  [/\bexpress js\b/gi, 'Express.js'],
  [/\bthree js\b/gi, 'Three.js'],
  [/\bangular js\b/gi, 'AngularJS'],
  [/\bc sharp\b/gi, 'C#'],
  [/\be commerce\b/gi, 'e-commerce'],
  [/\be mail\b/gi, 'e-mail'],
  [/\bwi fi\b/gi, 'Wi-Fi'],
  [/\bt shirt(s?)\b/gi, 'T-shirt$1'],
];

/**
 * How words are written inside sentences: "SQL", "JavaScript", "Excel", but "marketing". Learned from running
 * text, where, unlike in titles, only names have capitals.
 */
export class Casing {
  readonly #forms = new Map<string, Map<string, number>>();

  /**
   * Learns from running text. Only a word behind one in lower case tells something: others may begin a sentence or
   * be part of a name, like "Boot" in "Spring Boot". Capitals throughout always tell.
   */
  learn(text: string): void {
    for (const match of text.matchAll(
      /(?<=(?:^|\s)\p{Ll}+,? )[\p{L}\p{N}+#]+|(?<=\s)\p{Lu}[\p{Lu}\p{N}]+(?=[\s,.)])/gu,
    )) {
      const forms = getOrSet(this.#forms, match[0].toLowerCase(), () => new Map<string, number>());
      forms.set(match[0], (forms.get(match[0]) ?? 0) + 1);
    }
  }

  /** The form of a word inside a sentence. A word that is not known to be a name is left as it is. */
  usual(word: string): string {
    const forms = this.#forms.get(word.toLowerCase());
    if (forms === undefined) return word;
    let uses = 0;
    let best: [form: string, count: number] = [word, 0];
    for (const entry of forms) {
      uses += entry[1];
      if (entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0])) best = entry;
    }
    return best[1] >= LEAST_USES && best[1] >= LEAST_SHARE * uses ? best[0] : word;
  }

  /** A title rebuilt from an address, "learn sql with mysql", as "Learn SQL with MySQL". */
  title(text: string): string {
    let title = text.replace(/[\p{L}\p{N}+#]+/gu, (word) => this.usual(word.toLowerCase()));
    for (const [phrase, name] of PHRASES) title = title.replace(phrase, name);
    return title.slice(0, 1).toUpperCase() + title.slice(1);
  }
}
