/** Spellings of the same tag, folded to the key. */
const SYNONYMS: Record<string, string[]> = {
  'r&b': ['rnb', 'rb', 'r and b', 'rhythm and blues'],
  'hip-hop': ['hip hop', 'hiphop'],
  'rock and roll': ['rock n roll', "rock 'n' roll"],
  '50s': ["50's", '1950s'],
  '60s': ["60's", '1960s'],
  '70s': ["70's", '1970s'],
  '80s': ["80's", '1980s'],
  '90s': ["90's", '1990s'],
  '00s': ["00's", '2000s', '2007', '2008', '2009'],
  '10s': ['2010'],
  'female vocals': ['female vocalist', 'female vocalists', 'female'],
  'male vocals': ['male vocalist', 'male vocalists', 'male'],
  'pop rock': ['poprock', 'pop-rock'],
  'alternative rock': ['alt rock'],
  'alternative punk': ['alternative  punk'],
  'vocal jazz': ['jazz vocal'],
  'love songs': ['love song'],
  ballad: ['ballads'],
  chill: ['chillout'],
  relaxing: ['relax'],
  'feel-good': ['feel good', 'feelgood'],
  nostalgic: ['nostalgia'],
  melancholic: ['melancholy'],
  funky: ['groovy', 'groove'],
  soul: ['soulful'],
  jazz: ['jazzy'],
  'classic soul': ['old school soul'],
  electronic: ['electronica'],
  british: ['uk', 'english'],
  american: ['usa'],
  slow: ['slow jams'],
  soft: ['easy'],
  rock: ['rockin'],
};

/** Praise, personal lists, radio stations and names of people: neither genre nor mood, era, place or sound. */
const STOP_LIST = new Set(
  (
    'favorites|favorite|favourites|favourite|favorite songs|favourite songs|favorite artists|my favorite|my favorites|' +
    'all time favourites|fav|favs|faves|awesome|beautiful|cool|loved|love|love it|amazing|great song|great|seen live|' +
    'love at first listen|good|fucking awesome|best|heard on pandora|drjazzmrfunkmusic|77davez-all-tracks|good stuff|' +
    'nice|lovely|great lyrics|radioparadise|radio paradise|radiotsar approved|perfect|wjlb-fm|<3|major key tonality|' +
    'the best|songs i absolutely love|brilliant|aitch|acclaimed music top 3000|masterpiece|best songs ever|my pop music|' +
    'genius|a subtle use of vocal harmony|radio music|other|malloy2000 playlist - top songs - classical to metal|legend|' +
    'guilty pleasure|guilty pleasures|memories|top 40|hot|cute|sweet|catchy|live|sex|classic|classics|retro|cover|' +
    'covers|vocal'
  ).split('|'),
);

const GENRES = new Set(
  (
    'rock|pop|alternative|classic rock|alternative rock|hard rock|dance|pop rock|country|singer-songwriter|soul|indie|' +
    'metal|r&b|soft rock|jazz|hip-hop|rock and roll|heavy metal|grunge|blues|indie rock|smooth jazz|progressive rock|' +
    'punk|latin|rap|christian|electronic|funk|folk|alternative metal|classic country|blues rock|punk rock|' +
    'christian rock|emo|worship|psychedelic|southern rock|new wave|reggae|gospel|hardcore|disco|britpop|' +
    'psychedelic rock|glam rock|classic soul|americana|experimental|folk rock|downtempo|indie pop|fusion|ambient|' +
    'alternative punk|garage rock|post-punk|vocal jazz|motown|quiet storm|electro|synthpop|alt-country|swing'
  ).split('|'),
);

const FOLDED = new Map(
  Object.entries(SYNONYMS).flatMap(([name, spellings]) => spellings.map((other) => [other, name])),
);

/** The tag in its usual spelling; undefined if it is on the stop list. */
export function foldSongTag(raw: string): string | undefined {
  const tag = raw.trim().toLowerCase();
  return STOP_LIST.has(tag) ? undefined : (FOLDED.get(tag) ?? tag);
}

/** Whether a folded tag names a genre rather than a mood, an era, a place or a sound. */
export function isGenre(tag: string): boolean {
  return GENRES.has(tag);
}
