import { cleanText, distinct, foldKey } from '../text';

export interface SongName {
  /** Without featured artists. */
  title: string;
  /** Empty where the source names none. */
  artist: string;
  /** Guests: "(w/ Swizz Beatz)". */
  featured: string[];
  /** The title as the source has it, repaired, where it differs from `title`. */
  fullTitle?: string;
  /** What was repaired, in words for the report. */
  repairs: string[];
}

/** An ampersand in place of an apostrophe: "Don&t", "I&m", "O&riley"; "R&B" and "C&C" have a capital behind it. */
const AMPERSAND_APOSTROPHE = /(\p{L})&(?=(?:s|t|m|d|re|ve|ll|riley)\b)/gu;
/** Names that the source cuts or misspells. */
const MISTAKEN_ARTISTS: Record<string, string> = { AC: 'AC/DC', 'Guns Nn Roses': "Guns N' Roses" };
const GUESTS_IN_BRACKETS = /\s*[([]\s*(?:w\/|feat\.?(?=\s)|ft\.?(?=\s)|featuring(?=\s))\s*([^()[\]]*)[)\]]/gi;
/** The source cut the name in the middle of a guest: no use to anybody. */
const GUESTS_CUT_OFF = /\s*[([]\s*w\/[^()[\]]*$/i;
const GUESTS_WITHOUT_OPENING_BRACKET = /\s+w\/\s*([^()[\]]+)[)\]]$/gi;
const GUESTS_AT_END = /\s+(?:w\/\s*|feat\.?\s+|featuring\s+)(.+)$/i;
/** A band's second half: "Martha & The Vandellas", "Stan Kenton & His Orchestra". */
const BACKING_BAND = /^(?:his|her|their|the|los|las|friends)\b/i;

/** What the source writes where it knows no title or no artist. */
const NO_TITLE = /^(?:[^\p{L}\p{N}!?]*|MG_DELETED)$/u;
const NO_ARTIST = /^(?:-*|unknown(?: artist)?|various(?: artists)?)$/i;

/**
 * Reads a song's title and artist as the source writes them. Undefined where it has no title: nothing then
 * identifies the song.
 *
 * @param isArtist whether a key is an artist's of the data: "Simon & Garfunkel" are then one guest, not two
 */
export function readSongName(
  rawTitle: string,
  rawArtist: string,
  isArtist: (key: string) => boolean,
): SongName | undefined {
  const repairs = new Set<string>();
  const title = repairText(rawTitle, repairs);
  let artist = repairText(rawArtist, repairs);
  if (NO_TITLE.test(title)) return undefined;
  if (NO_ARTIST.test(artist)) {
    artist = '';
    repairs.add('no artist, or none in particular');
  } else if (Object.hasOwn(MISTAKEN_ARTISTS, artist)) {
    artist = MISTAKEN_ARTISTS[artist];
    repairs.add('mistaken name of an artist');
  }

  const guests: string[] = [];
  const take = (text: string, pattern: RegExp): string => {
    const rest = text.replace(pattern, (_, names: string) => {
      guests.push(...splitGuests(names, isArtist));
      return '';
    });
    // "(w/ X)" may be all there is of a title.
    return rest.trim() === '' ? text : rest.trim().replace(/\s+/g, ' ');
  };
  const shortTitle = closeBracket(
    take(take(title, GUESTS_IN_BRACKETS), GUESTS_WITHOUT_OPENING_BRACKET).replace(GUESTS_CUT_OFF, ''),
    title,
  );
  const mainArtist = take(take(artist, GUESTS_IN_BRACKETS), GUESTS_AT_END);
  if (shortTitle !== title || mainArtist !== artist) repairs.add('guest artists taken out of the name');
  const main = foldKey(mainArtist);
  return {
    title: shortTitle,
    artist: mainArtist,
    featured: distinct(guests).filter((guest) => foldKey(guest) !== main),
    ...(shortTitle === title ? {} : { fullTitle: title }),
    repairs: [...repairs],
  };
}

/** Songs with equal keys are one song: spelling, guests and a leading "The" of the artist aside. */
export function songKey({ title, artist }: Pick<SongName, 'title' | 'artist'>): string {
  return `${foldKey(title)}\t${artistKey(artist)}`;
}

/** Spellings of an artist's name with equal keys are one artist: "Offspring", "The Offspring". */
export function artistKey(artist: string): string {
  return foldKey(artist.replace(/^the\s+(?=\S)/i, ''));
}

/** "Corcovado (Quiet Nights w/ Jobim)" leaves its closing bracket behind with the guest. */
function closeBracket(text: string, original: string): string {
  const open = (title: string) => title.split('(').length - title.split(')').length;
  return open(text) > Math.max(0, open(original)) ? `${text})` : text;
}

function repairText(raw: string, repairs: Set<string>): string {
  let text = raw;
  const step = (reason: string, change: (text: string) => string) => {
    const changed = change(text);
    if (changed !== text) repairs.add(reason);
    text = changed;
  };
  step('escaped slash', (text) => text.replaceAll('\\/', '/'));
  step('stray backslash', (text) => text.replace(/\\+/g, ' '));
  step('HTML entity', (text) => text.replace(/&[a-z]+;/gi, cleanText));
  step('ampersand for an apostrophe', (text) => text.replace(AMPERSAND_APOSTROPHE, "$1'"));
  step('spaces within', (text) => text.trim().replace(/\s+/g, ' '));
  return cleanText(text);
}

/** "Drake & Chrisette Michelle" → both; "Stan Kenton & His Orchestra" stay one, as do "Wisin & Yandel". */
function splitGuests(names: string, isArtist: (key: string) => boolean): string[] {
  const known = (name: string) => isArtist(artistKey(name));
  return names
    .split(/,\s+(?!jr\b|sr\b)/i)
    .map((part) => part.replace(/^(?:&|and)\s+/i, '').trim())
    .flatMap((part) => {
      if (known(part)) return [part];
      const joined = part.split(/\s+(?:&|and)\s+/i);
      if (joined.every(known)) return joined;
      const halves = part.split(/\s+&\s+/);
      return halves.slice(1).some((name) => BACKING_BAND.test(name)) ? [part] : halves;
    })
    .filter((name) => name !== '');
}
