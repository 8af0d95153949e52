import { FIELD } from './columns';
import type { ItemNames } from './context';
import { withoutArticle } from './normalise';
import { COMPLETE } from './posting-scan';

/** How a query that an item matches word by word sits in the item's names, best first. */
export type Tier = 'whole' | 'start' | 'creator' | 'phrase' | 'title' | 'mixed';

/** Points of each tier. Popularity is worth up to 6, so only a whole title is beyond its reach. */
const POINTS: Readonly<Record<Tier, number>> = { whole: 10, start: 4, creator: 2.5, phrase: 1.5, title: 1, mixed: 0 };
/** A name that merely begins with the query, or contains its words. */
const CREATOR_START = 1.5;
const CREATOR_PART = 1;
/** For the share of the title's letters that the query covers. */
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
 * @param tokens the query; the last is a beginning if `open`
 * @param mask what {@link PostingScan.intersect} found out: every token is in some field
 */
export function fitQuery(tokens: string[], open: boolean, mask: number, names: ItemNames): Fit {
  const wanted = withoutArticle(tokens);
  const hasArticle = wanted !== tokens;
  const best: Fit = { tier: 'mixed', score: -Infinity };
  const offer = (tier: Tier, score: number): void => {
    if (score <= best.score) return;
    best.tier = tier;
    best.score = score;
  };
  for (const [position, name] of names.titles.entries()) {
    const title = withoutArticle(name);
    const article = !hasArticle ? 0 : name[0] === tokens[0] ? SAME_ARTICLE : OTHER_ARTICLE;
    const extra = article + COVER * coverage(wanted, title) + (position === 0 ? 0 : OTHER_NAME);
    const at = phraseAt(wanted, title, open);
    const tier =
      at === 0 && article >= 0 && isSame(wanted, title) ? 'whole' : at === 0 ? 'start' : at > 0 ? 'phrase' : null;
    if (tier) offer(tier, POINTS[tier] + extra);
    else if (position === 0 && mask & FIELD.title) offer('title', POINTS.title + extra);
    else offer('mixed', POINTS.mixed + extra);
  }
  if (mask & FIELD.creators) {
    offer('creator', CREATOR_PART + (hasArticle ? OTHER_ARTICLE : 0));
    for (const creator of names.creators) {
      const name = withoutArticle(creator);
      if (phraseAt(wanted, name, open) === 0) offer('creator', isSame(wanted, name) ? POINTS.creator : CREATOR_START);
    }
  }
  if (mask & COMPLETE) best.score += ALL_WORDS_COMPLETE;
  return best;
}

/** Where `phrase` occurs in `text`, its last token as a beginning if `open`; −1 where it does not. */
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

/** The share of the title's letters that the query's tokens account for, 0 … 1. */
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
