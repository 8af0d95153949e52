import { getOrSet } from '../text';

/** A form with capitals is accepted if at least this share of a word's uses, and this many, have it. */
const MIN_SHARE = 0.8;
const MIN_USES = 3;
/** Names that lose their punctuation in a URL. */
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
 * The usual capitals of words inside sentences: "SQL", "JavaScript", "Excel", but "marketing". Learned from running
 * text, where only names have capitals, unlike in titles.
 */
export class Casing {
  private readonly forms = new Map<string, Map<string, number>>();

  /**
   * Learns from running text. Only words that follow a lower-case word are used: others may begin a sentence or be part
   * of a name, like "Boot" in "Spring Boot". Words in all capitals are always used.
   */
  learn(text: string): void {
    for (const match of text.matchAll(
      /(?<=(?:^|\s)\p{Ll}+,? )[\p{L}\p{N}+#]+|(?<=\s)\p{Lu}[\p{Lu}\p{N}]+(?=[\s,.)])/gu,
    )) {
      const forms = getOrSet(this.forms, match[0].toLowerCase(), () => new Map<string, number>());
      forms.set(match[0], (forms.get(match[0]) ?? 0) + 1);
    }
  }

  /** The usual form of a word inside a sentence; the word unchanged if it is not known to be a name. */
  usual(word: string): string {
    const forms = this.forms.get(word.toLowerCase());
    if (forms === undefined) return word;
    let uses = 0;
    let best: [form: string, count: number] = [word, 0];
    for (const entry of forms) {
      uses += entry[1];
      if (entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0])) best = entry;
    }
    return best[1] >= MIN_USES && best[1] >= MIN_SHARE * uses ? best[0] : word;
  }

  /** Restores the capitals of a title from a URL: "learn sql with mysql" → "Learn SQL with MySQL". */
  title(text: string): string {
    let title = text.replace(/[\p{L}\p{N}+#]+/gu, (word) => this.usual(word.toLowerCase()));
    for (const [phrase, name] of PHRASES) title = title.replace(phrase, name);
    return title.slice(0, 1).toUpperCase() + title.slice(1);
  }
}
