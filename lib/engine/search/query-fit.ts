import { FIELD } from './columns';
import type { ItemNames } from './context';
import { withoutArticle } from './normalise';
import { COMPLETE } from './posting-scan';

/** Where in the item's names a query matches, best first. */
export type Tier = 'whole' | 'start' | 'creator' | 'phrase' | 'title' | 'mixed';

/** Points of each tier. Popularity gives up to 6 points, which only a whole title exceeds. */
const POINTS: Readonly<Record<Tier, number>> = { whole: 10, start: 4, creator: 2.5, phrase: 1.5, title: 1, mixed: 0 };
/** A creator whose name begins with the query, or contains its words. */
const CREATOR_START = 1.5;
const CREATOR_PART = 1;
/** Times the share of the title's letters that the query covers. */
const COVER = 1.5;
const OTHER_NAME = -0.3;
const SAME_ARTICLE = 0.3;
/** "the bea" means The Beach rather than A Beautiful Mind. */
const OTHER_ARTICLE = -1.5;
const ALL_WORDS_COMPLETE = 0.7;

export interface Fit {
  tier: Tier;
  score: number;
}

/**
 * Scores how well a query fits an item that has all of its tokens.
 *
 * @param tokens of the query
 * @param open whether the last token may be a prefix
 * @param mask of the item, from {@link PostingScan.intersect}
 */
export function fitQuery(tokens: string[], open: boolean, mask: number, names: ItemNames): Fit {
  const phrase = withoutArticle(tokens);
  const hasArticle = phrase !== tokens;
  const best: Fit = { tier: 'mixed', score: -Infinity };
  const offer = (tier: Tier, score: number): void => {
    if (score <= best.score) return;
    best.tier = tier;
    best.score = score;
  };
  for (const [position, name] of names.titles.entries()) {
    const title = withoutArticle(name);
    const article = !hasArticle ? 0 : name[0] === tokens[0] ? SAME_ARTICLE : OTHER_ARTICLE;
    const extra = article + COVER * coverage(phrase, title) + (position === 0 ? 0 : OTHER_NAME);
    const at = phraseAt(phrase, title, open);
    const tier =
      at === 0 && article >= 0 && isSame(phrase, title) ? 'whole' : at === 0 ? 'start' : at > 0 ? 'phrase' : null;
    if (tier) offer(tier, POINTS[tier] + extra);
    else if (position === 0 && mask & FIELD.title) offer('title', POINTS.title + extra);
    else offer('mixed', POINTS.mixed + extra);
  }
  if (mask & FIELD.creators) {
    offer('creator', CREATOR_PART + (hasArticle ? OTHER_ARTICLE : 0));
    for (const creator of names.creators) {
      const name = withoutArticle(creator);
      if (phraseAt(phrase, name, open) === 0) offer('creator', isSame(phrase, name) ? POINTS.creator : CREATOR_START);
    }
  }
  if (mask & COMPLETE) best.score += ALL_WORDS_COMPLETE;
  return best;
}

/** @returns position of `phrase` in `text`, with its last token as a prefix if `open`; −1 if it does not occur */
export function phraseAt(phrase: string[], text: string[], open: boolean): number {
  const last = phrase.length - 1;
  for (let at = 0; at + last < text.length; at++) {
    let i = 0;
    while (i < last && text[at + i] === phrase[i]) i++;
    if (i < last) continue;
    if (text[at + last] === phrase[last] || (open && text[at + last].startsWith(phrase[last]))) return at;
  }
  return -1;
}

function isSame(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((token, i) => token === b[i]);
}

/** @returns the share of the title's letters that the query's tokens cover, 0 … 1 */
function coverage(tokens: string[], title: string[]): number {
  let letters = 0;
  let covered = 0;
  for (const word of title) {
    letters += word.length;
    let longest = 0;
    for (const token of tokens) if (token.length > longest && word.startsWith(token)) longest = token.length;
    covered += longest;
  }
  return letters > 0 ? covered / letters : 0;
}
