import { Spellings, singular } from '../spellings';
import { cleanText, distinct, getOrSet } from '../text';

/** Synonyms that spelling, plural and acronyms in parentheses do not reveal. */
const SAME: [name: string, ...others: string[]][] = [
  ['HTML', 'Hypertext Markup Language'],
  ['CSS', 'Cascading Style Sheets'],
  ['API', 'Application Programming Interface'],
  ['JavaScript', 'ECMAScript'],
  ['C#', 'C Sharp'],
  ['React', 'React.js', 'ReactJS'],
  ['Vue.js', 'Vue'],
  ['Node.js', 'NodeJS'],
  ['AngularJS', 'Angular.js'],
  ['Python', 'Python Programming'],
  ['Java', 'Java Programming'],
  ['Swift', 'Swift Programming'],
  ['R', 'R Programming', 'R Software'],
  ['Web design', 'Web Design and Development'],
  ['Video game development', 'Game Development'],
  ['Video game design', 'Game Design'],
  ['3D computer graphics', '3D Graphics'],
  ['Agile software development', 'Agile Methodology', 'Agile'],
  ['Penetration test', 'Penetration Testing'],
  ['Computer security', 'Cybersecurity'],
  ['Public speaking', 'Speech'],
  // The source links these concepts to their namesakes.
  ['Ionic', 'Ionic order'],
  ['Amazon', 'Amazon rainforest'],
];
/** Concepts without meaning: the shops. */
const IGNORED = new Set(['udemy', 'coursera']);
/** Product names that begin with a small letter. Titles of Wikipedia, the source of concepts, begin with a capital. */
const SMALL_INITIAL = /^(?:I(?=OS\b|Phone\b|Pad\b|Movie\b|Cloud\b|Tunes\b)|E(?=Bay\b)|J(?=Query\b))/;
const ACRONYM = /^[A-Z][A-Za-z0-9/&+-]{1,7}$/;

/**
 * A common vocabulary for the concepts of one catalog and the skills of another: "Python (programming language)" and
 * "Python Programming", "Search engine optimization" and "Search Engine Optimization (SEO)", "Database" and "Databases"
 * become one value each, in the most frequent spelling.
 */
export class SkillVocabulary {
  private readonly spellings = new Spellings(plainKey, SAME);

  /** @param values every value of every course */
  constructor(values: readonly string[]) {
    const parts = values.map(parseSkill);
    // An ambiguous acronym gets its most frequent explanation.
    const explanations = new Map<string, Map<string, number>>();
    for (const { name, acronym } of parts) {
      if (acronym === undefined) continue;
      const counts = getOrSet(explanations, acronym, () => new Map<string, number>());
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [acronym, counts] of explanations) {
      const [name] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
      this.spellings.join(acronym, name);
    }
    for (const { name } of parts) if (name !== '') this.spellings.add(name);
  }

  /** The name of a skill in the vocabulary; undefined if it has no meaning. */
  name(raw: string): string | undefined {
    const { name } = parseSkill(raw);
    return name === '' || IGNORED.has(name.toLowerCase()) ? undefined : this.spellings.usual(name);
  }

  /** The names of a course's skills, each once. */
  names(raw: readonly string[]): string[] {
    return distinct(raw.map((value) => this.name(value)).filter((name) => name !== undefined));
  }
}

/**
 * `Search Engine Optimization (SEO)` → name and acronym. Other text in parentheses is an explanation and is dropped.
 */
function parseSkill(raw: string): { name: string; acronym?: string } {
  const text = cleanText(raw).replace(SMALL_INITIAL, (letter) => letter.toLowerCase());
  const brackets = /^(.*?)\s*\(([^()]*)\)\s*(.*)$/.exec(text);
  if (brackets === null || brackets[1] === '') return { name: text };
  const name = `${brackets[1]} ${brackets[3]}`.trim();
  const acronym =
    ACRONYM.test(brackets[2]) && /[A-Z].*[A-Z]/.test(brackets[2]) && brackets[3] === '' ? brackets[2] : undefined;
  return { name, acronym };
}

/** Lower case without accents, spaces, hyphens and plural. `+`, `#` and `.` stay: "C", "C++" and "C#" differ. */
function plainKey(name: string): string {
  const key = name
    .toLowerCase()
    .replaceAll('&', ' and ')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}+#.]/gu, '');
  return singular(key.replace(/\.$/, ''));
}
