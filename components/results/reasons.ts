import type { DomainInfo, Reason, ScoredItem, ScoreSignal, ScoreTerm } from '../../lib/contracts/engine';
import { count, decimal, signed } from '../ui/text';

const MAX_TERMS = 3;

const NONE: ReadonlySet<string> = new Set();

/** What is known besides the reason itself. */
export interface ReasonContext {
  /** Ids of what the visitor does not like. */
  disliked?: ReadonlySet<string>;
  /** Of the item's score. */
  terms?: readonly ScoreTerm[];
}

/**
 * One line that says why an item is in the list. Being far from something disliked is a reason too, and so is being
 * little known where popularity counts against an item.
 */
export function describeReason(
  reason: Reason,
  domain: Pick<DomainInfo, 'users'>,
  { disliked = NONE, terms = [] }: ReasonContext = {},
): string {
  switch (reason.kind) {
    case 'history':
      if (disliked.has(reason.id)) return `Unlike ${reason.title}`;
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

/** Those who gave a name come first; the others are counted. */
function describeFriends(names: readonly string[], people: number): string {
  const [first, second] = names.filter((name) => name !== '');
  if (!first) return people > 1 ? `${count(people)} people you follow like it` : 'Somebody you follow likes it';
  if (people <= 1) return `${first} likes it`;
  if (people === 2 && second) return `${first} and ${second} like it`;
  return `${first} and ${count(people - 1)} ${people === 2 ? 'other' : 'others'} you follow like it`;
}

/** What a card says of an item that the engine ranked: that it is new, if it is, and the first reason besides. */
export function describeItem(
  item: Pick<ScoredItem, 'reasons' | 'terms' | 'popularity'>,
  domain: Pick<DomainInfo, 'users'>,
  disliked: ReadonlySet<string>,
): { label?: string; note: string } {
  const isNew = item.reasons.some(({ kind }) => kind === 'new');
  const friends = item.reasons.find((reason) => reason.kind === 'friends');
  // A friend's word is worth a line of its own, however small a part it has in the score.
  const label = isNew ? 'New' : friends && describeFriends(friends.names, friends.count);
  const reason = item.reasons.find(({ kind }) => kind !== 'new' && (isNew || kind !== 'friends'));
  const said = reason && describeReason(reason, domain, { disliked, terms: item.terms });
  return label ? { label, note: said ?? describePopularity(item.popularity, domain) } : { note: said ?? '' };
}

export function describePopularity(people: number, domain: Pick<DomainInfo, 'users'>): string {
  return people > 0 ? `Chosen by ${someOf(people, domain)}` : 'Nobody has chosen it yet';
}

const someOf = (people: number, { users }: Pick<DomainInfo, 'users'>) =>
  people === 1 ? `one of the ${users}` : `${count(people)} ${users}`;

function withTerms(text: string, terms: readonly string[]): string {
  return terms.length > 0 ? `${text}: ${listTerms(terms)}` : text;
}

/** The first terms, each once: a director's name may come as a tag too. */
function listTerms(terms: readonly string[]): string {
  const different = new Map<string, string>();
  for (const term of terms) {
    const key = term.toLowerCase();
    if (!different.has(key)) different.set(key, term);
  }
  return [...different.values()].slice(0, MAX_TERMS).join(', ');
}

/** What a signal is called; those who are similar are the domain's own, which may be playlists. */
export function signalLabel(signal: ScoreSignal, { users }: Pick<DomainInfo, 'users'>): string {
  switch (signal) {
    case 'content':
      return 'What it is about';
    case 'latent':
      return `Similar ${users}`;
    case 'neighbours':
      return 'Chosen together';
    case 'popular':
      return 'Popularity';
    case 'social':
      return 'People you follow';
  }
}

/** One term of a score, drawn from the zero line to the right where it speaks for the item, to the left where against. */
export interface TermBar {
  signal: ScoreSignal;
  label: string;
  /** `+1.24` */
  contribution: string;
  /** `0.40 × 3.1` */
  formula: string;
  /** Of its weight: an item gains by having little of this signal. */
  isNegative: boolean;
  speaksAgainst: boolean;
  /** Where the bar begins and how long it is, as shares of the whole width. */
  start: number;
  length: number;
}

/** The terms of a score as bars of one scale, in the order given; a term of no weight has no bar. */
export function termBars(
  terms: readonly ScoreTerm[],
  domain: Pick<DomainInfo, 'users'>,
): { /** Where the zero line is, 0 … 1. */ zero: number; bars: TermBar[] } {
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
        speaksAgainst: contribution < 0,
        start: (against + Math.min(0, contribution)) / span,
        length: Math.abs(contribution) / span,
      })),
  };
}
