/** What music services write in brackets after a title. */
const IN_BRACKETS =
  /\s*[([](?:feat\.?|ft\.?|featuring|with|remaster(?:ed)?|\d{4} remaster(?:ed)?|remastered \d{4}|deluxe|bonus track|explicit|clean|live|acoustic|radio edit|single version|album version|mono|stereo|original mix|official video|official audio|lyrics?|from )[^)\]]*[)\]]/giu;
/** The same after a dash. */
const AFTER_DASH =
  /\s+[-–—]\s+(?:(?:\d{4}\s+)?(?:digital\s+)?remaster(?:ed)?\b.*|remastered \d{4}.*|live\b.*|(?:radio|single|album)\s+(?:edit|version|mix).*|mono|stereo|mono version|stereo version|bonus track|acoustic|deluxe.*|from .*)$/iu;
/** Featured artists without brackets. */
const FEATURED = /\s+(?:feat\.?|ft\.?|featuring)\s.*$/iu;

/**
 * The query as it is typed, and without what services add to titles: "Crazy In Love (feat. Jay-Z)", "Heroes - 2017
 * Remaster".
 */
export function readingsOf(query: string): string[] {
  const bare = query.replace(IN_BRACKETS, '').replace(AFTER_DASH, '').replace(FEATURED, '').trim();
  return bare === '' || bare === query.trim() ? [query] : [query, bare];
}
