import { Spellings, singular } from '../spellings';
import { foldKey, getOrSet } from '../text';

/** Tags about the person who wrote them, their shelf or the data base, not about the film. */
const PERSONAL = new Set(
  [
    'library',
    'netflix finland',
    'netflix',
    'dvd',
    'youtube',
    'criterion',
    'seen more than once',
    'must see',
    'to see',
    'to watch',
    'imdb top 250',
    'easily confused with other movie(s) (title)',
    'not a movie',
    'watch the credits',
    'seen at the cinema',
    'short film',
    'good',
    'great',
    'movie',
  ].map(foldKey),
);
/** Judgements: they say how much somebody liked the film, which the ratings say better. */
const JUDGEMENT =
  /^(?:(?:too|way too|very|poor|bad|awful|weak|terrible|crappy|poorly)\b.*|(?:over|under)rated|(?:not|no) .*|boring.*|dull|dumb.*|stupid.*|shallow.*|pointless.*|disappointing|predictable.*|predictible|annoying.*|(?:plot|script) (?:holes?|recycl\w+)|awesome|brilliant|ok|meh|wtf|overdone|forgettable|formulaic|better than .*|wasted potential|unrealistic|underwhelming)$/;

/** Different words for one thing; what differs by a hyphen, an accent or a plural meets by itself. */
const SAME: [string, ...string[]][] = [
  ['sci-fi', 'science fiction'],
  ['world war ii', 'world war 2', 'wwii', 'ww2'],
  ['world war i', 'world war one', 'wwi'],
  ['based on a book', 'based on book', 'based on the book', 'based on a novel', 'adapted from:book'],
  ['based on a comic', 'based on comic', 'based on comic book', 'adapted from:comic', 'comic book adaption'],
  ['artificial intelligence', 'ai'],
  ['twist ending', 'ending twist', 'twist end', 'twisted ending', 'surprise ending', 'plot twist'],
  ['marvel cinematic universe', 'mcu'],
  ['black comedy', 'black humor', 'dark comedy', 'dark humor', 'dark humour', 'black humour'],
  [
    'nudity',
    'nudity (topless)',
    'nudity (topless - brief)',
    'nudity (topless - notable)',
    'nudity (full frontal)',
    'nudity (full frontal - notable)',
    'nudity (rear)',
    'notable nudity',
    'female nudity',
    'male nudity',
  ],
  ['quentin tarantino', 'tarantino'],
  ['pedro almodóvar', 'almodovar'],
  ['steven spielberg', 'spielberg'],
  ['robert de niro', 'deniro'],
  ['based on a true story', 'true story'],
  [
    'beautiful cinematography',
    'great cinematography',
    'excellent cinematography',
    'amazing cinematography',
    'stunning cinematography',
    'beautifully filmed',
    'beautiful photography',
    'amazing photography',
  ],
  [
    'great soundtrack',
    'good soundtrack',
    'awesome soundtrack',
    'amazing soundtrack',
    'notable soundtrack',
    'great music',
    'good music',
  ],
  ['feel-good', 'feel good movie'],
  ['nonlinear', 'nonlinear narrative', 'nonlinear timeline', 'achronological', 'disjointed timeline'],
];

const MOST_CHARACTERS = 40;
/** A tag of a film stays when this many people gave it to the film … */
const PEOPLE_FOR_FILM = 2;
/** … or when this many people use it at all, on this many films. */
const PEOPLE_OVERALL = 5;
const FILMS_OVERALL = 5;

/** Free-text tags of films, given by many people. */
export class UserTags {
  /** Film → key of the tag → people. */
  readonly #films = new Map<string, Map<string, Set<string>>>();
  /** Key of the tag → people, on whatever film. */
  readonly #people = new Map<string, Set<string>>();
  readonly #filmCounts = new Map<string, number>();
  readonly #spellings = new Spellings((tag) => singular(foldKey(tag)), SAME);

  /** Notes that a person gave a film a tag. Returns why the tag is none, where it is none. */
  add(film: string, person: string, text: string): string | undefined {
    const tag = normalizeUserTag(text);
    if (tag.length < 2 || tag.length > MOST_CHARACTERS) return 'empty, or a sentence';
    if (PERSONAL.has(foldKey(tag))) return 'about the person, not the film';
    if (JUDGEMENT.test(tag)) return 'judgement';
    this.#spellings.add(tag);
    const key = this.#spellings.key(tag);
    const tags = getOrSet(this.#films, film, () => new Map<string, Set<string>>());
    if (!tags.has(key)) this.#filmCounts.set(key, (this.#filmCounts.get(key) ?? 0) + 1);
    getOrSet(tags, key, () => new Set<string>()).add(person);
    getOrSet(this.#people, key, () => new Set<string>()).add(person);
    return undefined;
  }

  /** The tags of a film that more than one person vouches for, most people first, and those left out. */
  of(film: string): { kept: string[]; dropped: string[] } {
    const tags = [...(this.#films.get(film) ?? [])].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
    const kept: string[] = [];
    const dropped: string[] = [];
    for (const [key, people] of tags) {
      const common = this.#people.get(key)!.size >= PEOPLE_OVERALL && this.#filmCounts.get(key)! >= FILMS_OVERALL;
      (people.size >= PEOPLE_FOR_FILM || common ? kept : dropped).push(this.#spellings.usual(key));
    }
    return { kept, dropped };
  }
}

/** Lower case, one space between words, no quotation marks around it or full stop after it. */
export function normalizeUserTag(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'.]+|[\s"'.]+$/g, '');
}
