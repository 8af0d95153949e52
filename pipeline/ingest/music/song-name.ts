import { cleanText, distinct, foldKey } from '../text';

export interface SongName {
  /** Without featured artists. */
  title: string;
  /** Empty if the source has none. */
  artist: string;
  /** Featured artists, as in "(w/ Swizz Beatz)". */
  featured: string[];
  /** The repaired title of the source, if it differs from `title`. */
  fullTitle?: string;
  /** Reasons of repairs, for the report. */
  repairs: string[];
}

/** An ampersand in place of an apostrophe: "Don&t", "I&m", "O&riley". In "R&B" and "C&C" a capital follows. */
const AMPERSAND_APOSTROPHE = /(\p{L})&(?=(?:s|t|m|d|re|ve|ll|riley)\b)/gu;
/** Names that the source truncates or misspells. */
const MISTAKEN_ARTISTS: Record<string, string> = { AC: 'AC/DC', 'Guns Nn Roses': "Guns N' Roses" };
const GUESTS_IN_BRACKETS = /\s*[([]\s*(?:w\/|feat\.?(?=\s)|ft\.?(?=\s)|featuring(?=\s))\s*([^()[\]]*)[)\]]/gi;
/** A title that the source truncated within the name of a guest, which is then useless. */
const GUESTS_CUT_OFF = /\s*[([]\s*w\/[^()[\]]*$/i;
const GUESTS_WITHOUT_OPENING_BRACKET = /\s+w\/\s*([^()[\]]+)[)\]]$/gi;
const GUESTS_AT_END = /\s+(?:w\/\s*|feat\.?\s+|featuring\s+)(.+)$/i;
/** The second half of a band's name: "Martha & The Vandellas", "Stan Kenton & His Orchestra". */
const BACKING_BAND = /^(?:his|her|their|the|los|las|friends)\b/i;

/** Placeholders of the source for an unknown title. */
const NO_TITLE = /^(?:[^\p{L}\p{N}!?]*|MG_DELETED)$/u;
/** Placeholders of the source for an unknown artist. */
const NO_ARTIST = /^(?:-*|unknown(?: artist)?|various(?: artists)?)$/i;

/**
 * Parses a song's title and artist in the notation of the source.
 *
 * @param isArtist whether a key belongs to an artist of the data: "Simon & Garfunkel" is then one guest, not two
 * @returns undefined if the song has no title, because then it cannot be identified
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
    // "(w/ X)" may be the whole title.
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

/** Songs with equal keys are the same song. The key ignores spelling, guests and a leading "The" of the artist. */
export function songKey({ title, artist }: Pick<SongName, 'title' | 'artist'>): string {
  return `${foldKey(title)}\t${artistKey(artist)}`;
}

/** Names with equal keys are the same artist: "Offspring", "The Offspring". */
export function artistKey(artist: string): string {
  return foldKey(artist.replace(/^the\s+(?=\S)/i, ''));
}

/** Restores the closing bracket of "Corcovado (Quiet Nights w/ Jobim)", which was removed with the guest. */
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

/** Splits "Drake & Chrisette Michelle", but not "Stan Kenton & His Orchestra" and "Wisin & Yandel". */
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
