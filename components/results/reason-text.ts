import type { DomainInfo, Reason, ScoredItem, ScoreSignal, ScoreTerm } from '../../lib/contracts/engine';
import { count, decimal, signed } from '../ui/text';

const MAX_TERMS = 3;

const NONE: ReadonlySet<string> = new Set();

/** What a reason's text depends on besides the reason. */
export interface ReasonContext {
  /** Ids of disliked items. */
  disliked?: ReadonlySet<string>;
  /** The terms of the item's score. */
  terms?: readonly ScoreTerm[];
}

/**
 * One line on why an item is in the list. Being far from a disliked item is a reason too, and so is being little known
 * where popularity has a negative weight.
 */
export function describeReason(
  reason: Reason,
  domain: Pick<DomainInfo, 'users'>,
  { disliked = NONE, terms = [] }: ReasonContext = {},
): string {
  switch (reason.kind) {
    case 'history':
      if (disliked.has(reason.id)) return `Unlike ${reason.title}`;
      if (reason.together) return `Many who liked ${reason.title} also liked this`;
      return withTerms(`Because you liked ${reason.title}`, reason.terms);
    case 'interest':
      return withTerms(
        `From your interest in ${reason.label}`,
        reason.terms.filter((term) => term.toLowerCase() !== reason.label.toLowerCase()),
      );
    case 'popular': {
      const popular = terms.find(({ signal }) => signal === 'popular');
      const isLittleKnown = popular !== undefined && popular.weight < 0 && popular.contribution > 0;
      if (isLittleKnown && reason.count > 0) return `Little known: chosen by ${someOf(reason.count, domain)}`;
      return describePopularity(reason.count, domain);
    }
    case 'trending':
      return 'Liked a lot these days';
    case 'friends':
      return describeFriends(reason.names, reason.count);
    case 'new':
      return 'New here';
  }
}

/** Names those who gave a name, and counts the others. */
function describeFriends(names: readonly string[], people: number): string {
  const [first, second] = names.filter((name) => name !== '');
  if (!first) return people > 1 ? `${count(people)} people you follow like it` : 'Someone you follow likes it';
  if (people <= 1) return `${first} likes it`;
  if (people === 2 && second) return `${first} and ${second} like it`;
  return `${first} and ${count(people - 1)} ${people === 2 ? 'other' : 'others'} you follow like it`;
}

/** The lines of a card: whether the item is new, and its first other reason. */
export function describeItem(
  item: Pick<ScoredItem, 'reasons' | 'terms' | 'popularity'>,
  domain: Pick<DomainInfo, 'users'>,
  disliked: ReadonlySet<string>,
): { label?: string; note: string } {
  const isNew = item.reasons.some(({ kind }) => kind === 'new');
  const friends = item.reasons.find((reason) => reason.kind === 'friends');
  // A friend's like gets a line of its own, however small its part in the score.
  const label = isNew ? 'New' : friends && describeFriends(friends.names, friends.count);
  const reason = item.reasons.find(({ kind }) => kind !== 'new' && (isNew || kind !== 'friends'));
  const text =
    reason &&
    (describeTogether(item.reasons, disliked) ?? describeReason(reason, domain, { disliked, terms: item.terms }));
  return label ? { label, note: text ?? describePopularity(item.popularity, domain) } : { note: text ?? '' };
}

/** One line for two items of the history that others like too; undefined unless these are the first two reasons. */
function describeTogether(reasons: readonly Reason[], disliked: ReadonlySet<string>): string | undefined {
  const [first, second] = reasons;
  const isLiked = (reason: Reason | undefined) =>
    reason?.kind === 'history' && reason.together && !disliked.has(reason.id) ? reason.title : undefined;
  const [a, b] = [isLiked(first), isLiked(second)];
  return a !== undefined && b !== undefined ? `Many who liked ${a} and ${b} also liked this` : undefined;
}

export function describePopularity(people: number, domain: Pick<DomainInfo, 'users'>): string {
  return people > 0 ? `Chosen by ${someOf(people, domain)}` : 'Not chosen by anyone yet';
}

const someOf = (people: number, { users }: Pick<DomainInfo, 'users'>) =>
  people === 1 ? `one of the ${users}` : `${count(people)} ${users}`;

function withTerms(text: string, terms: readonly string[]): string {
  return terms.length > 0 ? `${text}: ${listTerms(terms)}` : text;
}

/** The first terms, each once: a director's name may also be a tag. */
function listTerms(terms: readonly string[]): string {
  const different = new Map<string, string>();
  for (const term of terms) {
    const key = term.toLowerCase();
    if (!different.has(key)) different.set(key, term);
  }
  return [...different.values()].slice(0, MAX_TERMS).join(', ');
}

/** The name of a signal; its users are the domain's, which may be playlists. */
export function signalLabel(signal: ScoreSignal, { users }: Pick<DomainInfo, 'users'>): string {
  switch (signal) {
    case 'content':
      return 'What it is about';
    case 'latent':
      return `Similar ${users}`;
    case 'neighbours':
      return 'Chosen together';
    case 'related':
      return 'Related';
    case 'popular':
      return 'Popularity';
    case 'social':
      return 'People you follow';
  }
}

/** One term of a score as a bar: right of the zero line it adds to the score, left of it it subtracts. */
export interface TermBar {
  signal: ScoreSignal;
  label: string;
  /** `+1.24` */
  contribution: string;
  /** `0.40 × 3.1` */
  formula: string;
  /** Whether the weight is negative: an item gains by scoring low on this signal. */
  isNegative: boolean;
  isAgainst: boolean;
  /** Start and length of the bar, as shares of the whole width. */
  start: number;
  length: number;
}

/** The terms of a score as bars of one scale, in the order given; a term with weight 0 has no bar. */
export function termBars(
  terms: readonly ScoreTerm[],
  domain: Pick<DomainInfo, 'users'>,
): { /** Position of the zero line, 0 … 1. */ zero: number; bars: TermBar[] } {
  const contributions = terms.map(({ contribution }) => contribution);
  const against = Math.max(0, ...contributions.map((contribution) => -contribution));
  const span = against + Math.max(0, ...contributions) || 1;
  return {
    zero: against / span,
    bars: terms
      .filter(({ weight }) => weight !== 0)
      .map(({ signal, weight, z, contribution }) => ({
        signal,
        label: signalLabel(signal, domain),
        contribution: signed(contribution, 2),
        formula: `${decimal(weight, 2)} × ${decimal(z, 1)}`,
        isNegative: weight < 0,
        isAgainst: contribution < 0,
        start: (against + Math.min(0, contribution)) / span,
        length: Math.abs(contribution) / span,
      })),
  };
}
