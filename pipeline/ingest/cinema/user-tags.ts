import { z } from 'zod';
import type { IngestReport } from '../ingest-report';
import type { RawFolder } from '../raw-folder';
import { Spellings, singular } from '../spellings';
import { foldKey, getOrSet } from '../text';
import type { GivenTag } from './film';
import { MOVIES, numericId } from './movies';

/** Tags that MovieLens' users gave to films. */
export const TAGS = 'tags.csv';
/** Further tags; their users are other people, whatever their ids. */
export const MORE_TAGS = 'tags-more.csv';

const tagRow = z.object({ userId: z.string().min(1), movieId: numericId, tag: z.string() });

/** Tags about the user, their collection or the database rather than the film. */
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
/** Judgements of the film, which the ratings express better. */
const JUDGEMENT =
  /^(?:(?:too|way too|very|poor|bad|awful|weak|terrible|crappy|poorly)\b.*|(?:over|under)rated|(?:not|no) .*|boring.*|dull|dumb.*|stupid.*|shallow.*|pointless.*|disappointing|predictable.*|predictible|annoying.*|(?:plot|script) (?:holes?|recycl\w+)|awesome|brilliant|ok|meh|wtf|overdone|forgettable|formulaic|better than .*|wasted potential|unrealistic|underwhelming)$/;

/** Synonyms. Spellings that differ by a hyphen, an accent or a plural need no entry. */
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

const MAX_CHARACTERS = 40;
/** A film keeps a tag if this many people gave it … */
const MIN_PEOPLE_FOR_FILM = 2;
/** … or if this many people use the tag at all, on this many films. */
const MIN_PEOPLE_OVERALL = 5;
const MIN_FILMS_OVERALL = 5;

/** Whoever wrote a further tag rated nothing here; the ids of the other file are those of the ratings. */
const personId = (file: string, userId: string): string => (file === TAGS ? userId : `${file} ${userId}`);

/** Reads the tags of known films. */
export async function readUserTags(
  folder: RawFolder,
  films: ReadonlyMap<string, unknown>,
  report: IngestReport,
): Promise<UserTags> {
  const userTags = new UserTags();
  for (const file of [TAGS, MORE_TAGS]) {
    for await (const row of folder.csv(file, tagRow)) {
      if (!films.has(row.movieId)) {
        report.dropped(file, `film is not in ${MOVIES}`, row.movieId);
        continue;
      }
      const objection = userTags.add(row.movieId, personId(file, row.userId), row.tag);
      if (objection !== undefined) report.dropped(file, objection, row.tag);
    }
  }
  return userTags;
}

/** Collects free-text tags of films, and keeps those that several people agree on. */
export class UserTags {
  /** Film → key of the tag → people. */
  private readonly films = new Map<string, Map<string, Set<string>>>();
  /** Key of the tag → people who use it on any film. */
  private readonly people = new Map<string, Set<string>>();
  private readonly filmCounts = new Map<string, number>();
  private readonly spellings = new Spellings((tag) => singular(foldKey(tag)), SAME);

  /** Adds a tag that a person gave to a film. @returns the reason if the tag is rejected */
  add(film: string, person: string, text: string): string | undefined {
    const tag = normalizeUserTag(text);
    if (tag.length < 2 || tag.length > MAX_CHARACTERS) return 'empty, or a sentence';
    if (PERSONAL.has(foldKey(tag))) return 'about the person, not the film';
    if (JUDGEMENT.test(tag)) return 'judgement';
    this.spellings.add(tag);
    const key = this.spellings.key(tag);
    const tags = getOrSet(this.films, film, () => new Map<string, Set<string>>());
    if (!tags.has(key)) this.filmCounts.set(key, (this.filmCounts.get(key) ?? 0) + 1);
    getOrSet(tags, key, () => new Set<string>()).add(person);
    getOrSet(this.people, key, () => new Set<string>()).add(person);
    return undefined;
  }

  /** The tags of a film that enough people gave, most people first, and the other tags. */
  of(film: string): { kept: GivenTag[]; dropped: string[] } {
    const tags = [...(this.films.get(film) ?? [])].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
    const kept: GivenTag[] = [];
    const dropped: string[] = [];
    for (const [key, people] of tags) {
      const common = this.people.get(key)!.size >= MIN_PEOPLE_OVERALL && this.filmCounts.get(key)! >= MIN_FILMS_OVERALL;
      const tag = this.spellings.usual(key);
      if (people.size >= MIN_PEOPLE_FOR_FILM || common) kept.push({ tag, people });
      else dropped.push(tag);
    }
    return { kept, dropped };
  }
}

/** Lower case, single spaces, without surrounding quotation marks and full stops. */
export function normalizeUserTag(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'.]+|[\s"'.]+$/g, '');
}
