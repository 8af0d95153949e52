import type { DomainInfo, Reason, ScoreTerm, Signal } from '../../lib/contracts/engine';
import { count } from '../ui/text';

const MAX_TERMS = 3;

const NONE: ReadonlySet<string> = new Set();

/** One line that says why an item is in the list. Being far from something disliked is a reason too. */
export function describeReason(
  reason: Reason,
  domain: Pick<DomainInfo, 'users'>,
  disliked: ReadonlySet<string> = NONE,
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
    case 'popular':
      return describePopularity(reason.count, domain);
  }
}

export function describePopularity(people: number, domain: Pick<DomainInfo, 'users'>): string {
  return people > 0 ? `Chosen by ${count(people)} ${domain.users}` : 'Nobody has chosen it yet';
}

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

export const SIGNAL_LABELS: Record<Signal, string> = {
  content: 'What it is about',
  latent: 'People like you',
  popular: 'Popularity',
};

export interface TermBar {
  signal: Signal;
  label: string;
  contribution: number;
  /** `0.40 × 3.1` */
  formula: string;
  /** Length of the bar: share of the largest contribution in this item's score, 0 … 1. */
  length: number;
}

/** The terms of a score as bars, in the order given; a term of no weight has no bar. */
export function termBars(terms: readonly ScoreTerm[]): TermBar[] {
  const largest = Math.max(...terms.map((term) => Math.abs(term.contribution)));
  return terms
    .filter((term) => term.weight !== 0)
    .map(({ signal, weight, z, contribution }) => ({
      signal,
      label: SIGNAL_LABELS[signal],
      contribution,
      formula: `${weight.toFixed(2)} × ${z.toFixed(1)}`,
      length: largest > 0 ? Math.abs(contribution) / largest : 0,
    }));
}
