const NAME_WORD = String.raw`(?:(?:\p{Lu}\.)+|\p{Lu}[\p{L}'’-]+)`;
/** Two to four capitalised words or initials, with particles between. */
const FULL_NAME = `(${NAME_WORD}(?: (?:(?:de|von|van|der|la|del) )*${NAME_WORD}){1,3})`;
/** Other credits beside "directed", as in "directed, co-written and produced by". */
const CREDIT =
  '(?:(?:later |solely |executive )?(?:co[-–]?)?(?:written|produced|edited|scored|scripted|photographed|filmed|shot|narrated|animated|' +
  'choreographed|conceived|composed|adapted|designed|starring|hosted|supervised|created|rewritten|financed)(?: by)?)';
const MANNER = '(?: (?:again|initially|in [A-Z]\\w+|for television|for the screen))?';
const NAMES = '(.{2,200})';
/** Phrases that introduce directors, tried in this order until one yields a name. */
const PHRASES = [
  new RegExp(`\\b(?:co[-–]?)?directed(?:,? (?:and |& )?${CREDIT}(?: by)?)*${MANNER} by ${NAMES}`, 'gi'),
  new RegExp(String.raw`\bdirect(?:ed|or) ?= ?${NAMES}`, 'g'),
  new RegExp(`\\bdirectorial debut (?:of|for) ${NAMES}`, 'g'),
  new RegExp(`${FULL_NAME}['’]s? (?:feature |film |feature film )?directorial debut`, 'gu'),
  new RegExp(
    `\\b(?:film|movie|comedy|drama|western|thriller|documentary|feature|short) (?:from|by) (?:director|filmmaker)s? ${NAMES}`,
    'gi',
  ),
  // "Warren Beatty produced, directed, and starred", "Tom Laughlin, who also directed".
  new RegExp(
    `${FULL_NAME}(?:,? who)? (?:also )?(?:(?:co-?)?(?:wrote|produced|starred|adapted)\\b[^.;A-Z]{0,50}?,? (?:and )?)?(?:also )?(?:directed|directs|directing)\\b(?! by)`,
    'gu',
  ),
  new RegExp(`\\b(?:documentary|short|animated|silent|independent|debut|feature) film by ${NAMES}`, 'g'),
  new RegExp(
    `(?<!\\b(?:music|musical|art|casting|unit|assistant|creative|executive|program|FBI|CIA) )\\b[Dd]irector ${FULL_NAME}`,
    'gu',
  ),
];
/** "directed by and starring Orson Welles": only the first name is a director, the following ones are actors. */
const DIRECTED_AND_STARRING = new RegExp(
  `\\b(?:co[-–]?)?directed(?: by)?(?:,? (?:and |& )?${CREDIT}(?: by)?)*,? (?:and |& )?(?:co[-–]?)?(?:starring|starred) ${NAMES}`,
  'gi',
);

/** Lower-case words inside names. */
const PARTICLES = new Set(
  'de da del della di do dos du la le van von der den ter ten zu af al el bin ibn y e'.split(' '),
);
const SUFFIXES = new Set(['Jr.', 'Jr', 'Sr.', 'Sr', 'II', 'III', 'IV']);
/** Abbreviations whose full stop does not end the sentence. Initials are recognised by their form. */
const ABBREVIATIONS = new Set(['Jr.', 'Sr.', 'St.', 'Dr.', 'Wm.', 'Geo.', 'Chas.', 'Thos.', 'Lt.', 'Col.', 'Capt.']);
/** Words of companies, awards, processes and sentence beginnings. A name with one of them is not a person's. */
const NO_PERSON = new Set(
  (
    'Pictures Picture Productions Production Studios Studio Films Film Company Corporation Corp. Entertainment Bros Bros. Inc ' +
    'Inc. Ltd Technicolor CinemaScope Academy Award Oscar Emmy American British French Italian Canadian Australian German ' +
    'Japanese Television Network Paramount Universal Metro-Goldwyn-Mayer MGM RKO Republic Vitagraph Biograph ' +
    'Hollywood University Union Island The A An It Its His Her In On At This That He She They With From Based Written Produced Starring ' +
    'Directed January February March July September October November December Warner Columbia Director'
  ).split(' '),
);
/** Words that may follow a single-word name; before any other word it is an adjective ("English director"). */
const AFTER_SINGLE_NAME = new Set(
  'and starring from for with in based about which that who as on at released featuring written produced under'.split(
    ' ',
  ),
);
/** Words that end the description of a director; no name follows them. */
const ENDS_DESCRIPTION = new Set(
  ', ; . and & starring written produced from based for in at with on as to under featuring about'.split(' '),
);
const MAX_DESCRIBING_WORDS = 7;
const MAX_NAME_WORDS = 5;

/**
 * Extracts the directors from a film's Wikipedia extract, as in "directed by Joel and Ethan Coen". Siblings that are
 * named together ("the Coen brothers") are returned as one name; {@link resolveSiblings} resolves it.
 *
 * @returns empty if no director is named or if the following words do not look like a name
 */
export function parseDirectors(extract: string): string[] {
  const text = extract.replace(/\s+/g, ' ').replace(/ \([^()]*\)/g, '');
  const starring = [...text.matchAll(DIRECTED_AND_STARRING)].flatMap((match) =>
    readNames(tokenize(match[1])).slice(0, 1),
  );
  if (starring.length > 0) return [fullName(starring[0], text)];
  for (const phrase of PHRASES) {
    for (const match of text.matchAll(phrase)) {
      const names = readNames(tokenize(match[1]));
      if (names.length > 0) return names.map((name) => fullName(name, text));
    }
  }
  return [];
}

/** Replaces "Coen Brothers" and "The Wachowskis" with the two names from another film that they directed together. */
export function resolveSiblings(films: readonly string[][]): string[][] {
  const families = new Map<string, string[]>();
  for (const names of films) {
    const surnames = names.map(surname);
    if (names.length === 2 && surnames[0] === surnames[1] && names.every((name) => name.includes(' '))) {
      if (!families.has(surnames[0])) families.set(surnames[0], names);
    }
  }
  return films.map((names) =>
    names.flatMap((name) => {
      const siblings = /^(?:(.+) Brothers|The (.+)s)$/.exec(name);
      return siblings === null ? [name] : (families.get(siblings[1] ?? siblings[2]) ?? [name]);
    }),
  );
}

function surname(name: string): string {
  const words = name.split(' ').filter((word) => !SUFFIXES.has(word));
  return words[words.length - 1];
}

/** Completes "Keaton" to "Buster Keaton" if the text has the full name elsewhere. */
function fullName(name: string, text: string): string {
  if (name.includes(' ')) return name;
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const match of text.matchAll(new RegExp(`((?:\\p{Lu}[\\p{L}.'’-]* ){1,3})${escaped}(?![\\p{L}-])`, 'gu'))) {
    const full = readName(tokenize(match[0]), 0, true);
    if (full?.text.endsWith(` ${name}`)) return full.text;
  }
  return name;
}

/**
 * Splits into words and the tokens `,` `;` `.`. A full stop after an initial or an abbreviation belongs to the word.
 */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const word of text.split(' ')) {
    const [, body, mark] = /^(.*?)([,;:.]*)$/su.exec(word) as unknown as [string, string, string];
    if (mark.startsWith('.') && (ABBREVIATIONS.has(`${body}.`) || /^(?:\p{Lu}\.)*\p{Lu}$/u.test(body))) {
      tokens.push(`${body}.`);
      if (mark.length > 1) tokens.push(mark[1]);
    } else {
      if (body !== '') tokens.push(body);
      if (mark !== '') tokens.push(mark[0] === ':' ? ';' : mark[0]);
    }
  }
  return tokens;
}

/** The list of names at the start of the tokens, after describing words: "A", "A and B", "A, B, and C". */
function readNames(tokens: string[]): string[] {
  let first = readSiblings(tokens);
  for (let at = 0; at <= MAX_DESCRIBING_WORDS && first === undefined; at++) {
    if (at > 0 && ENDS_DESCRIPTION.has(tokens[at - 1])) return [];
    first = readName(tokens, at, at > 0 && !/^(?:brothers|sisters|siblings|twins|duo)$/i.test(tokens[at - 1]));
  }
  if (first === undefined) return [];

  const names = [first.text];
  // A comma may end the list ("directed by A, B stars"), so names after a comma count only if an "and" follows.
  let pending: string[] = [];
  let { end } = first;
  for (;;) {
    const comma = tokens[end] === ',';
    const and = ['and', '&'].includes(tokens[end + (comma ? 1 : 0)]);
    if (!comma && !and) break;
    const next = readName(tokens, end + Number(comma) + Number(and), false);
    if (next === undefined) break;
    pending.push(next.text);
    end = next.end;
    if (and) {
      names.push(...pending);
      pending = [];
    }
  }
  // In "Joel and Ethan Coen" the surname belongs to both.
  if (names.length > 1 && !names[0].includes(' ') && /^\S+ \S+$/.test(names[1])) names[0] += ` ${surname(names[1])}`;
  return names;
}

/** "the Coen brothers", "the Wachowskis". */
function readSiblings(tokens: string[]): { text: string; end: number } | undefined {
  const at = tokens[0]?.toLowerCase() === 'the' ? 1 : 0;
  if (!/^\p{Lu}\p{L}+$/u.test(tokens[at] ?? '')) return undefined;
  if (/^brothers$/i.test(tokens[at + 1] ?? '')) return { text: `${tokens[at]} Brothers`, end: at + 2 };
  if (at === 1 && tokens[at].endsWith('s') && !/^\p{Lu}/u.test(tokens[at + 1] ?? '')) {
    return { text: `The ${tokens[at]}`, end: at + 1 };
  }
  return undefined;
}

/** The personal name that starts at a token, and the index after it; undefined if it does not look like one. */
function readName(tokens: string[], at: number, needsTwoWords: boolean): { text: string; end: number } | undefined {
  const words: string[] = [];
  let end = at;
  for (; end < tokens.length; end++) {
    const token = tokens[end];
    if (SUFFIXES.has(token) && words.length > 0) {
      words.push(token);
      end++;
      break;
    }
    // "Oscar-winning" is an adjective, "Ming-liang" a name.
    if (/-(?:winning|nominated|born|based|blacklisted|turned|trained)$/i.test(token)) break;
    // "Robert Downey, Jr." is one name.
    if (token === ',' && SUFFIXES.has(tokens[end + 1])) continue;
    const isParticle = PARTICLES.has(token) && /^\p{L}/u.test(tokens[end + 1] ?? '');
    if (!isParticle && !/^["“]?(?:[dl]['’])?\p{Lu}[\p{L}\p{M}'’.·-]*["”]?$/u.test(token)) break;
    words.push(token);
  }
  while (words.length > 0 && PARTICLES.has(words[words.length - 1])) {
    words.pop();
    end--;
  }
  const capitals = words.filter((word) => !PARTICLES.has(word));
  if (words.at(-1) === 'Jr' || words.at(-1) === 'Sr') words.push(`${words.pop()}.`);
  const isPlausible =
    capitals.length > 0 &&
    capitals.length <= MAX_NAME_WORDS &&
    words.join('').length > 2 &&
    !words.some((word) => NO_PERSON.has(word) || /['’]s$/.test(word)) &&
    (capitals.length > 1 ||
      (!needsTwoWords &&
        (end === tokens.length || !/^[\p{L}"]/u.test(tokens[end]) || AFTER_SINGLE_NAME.has(tokens[end]))));
  return isPlausible ? { text: words.join(' '), end } : undefined;
}
