import type { DomainInfo, Reason, ScoreTerm, Signal } from '../../lib/contracts/engine';
import { count } from '../ui/text';

const MAX_TERMS = 3;

/** One line that says why an item is in the list. */
export function describeReason(reason: Reason, domain: Pick<DomainInfo, 'users'>): string {
  switch (reason.kind) {
    case 'history':
      return withTerms(`Because you liked ${reason.title}`, reason.terms);
    case 'interest':
      return withTerms(`From your interest in ${reason.label}`, reason.terms);
    case 'popular':
      return describePopularity(reason.count, domain);
  }
}

export function describePopularity(people: number, domain: Pick<DomainInfo, 'users'>): string {
  return people > 0 ? `Popular with ${count(people)} ${domain.users}` : 'New here: nobody has chosen it yet';
}

function withTerms(text: string, terms: readonly string[]): string {
  return terms.length > 0 ? `${text}: ${terms.slice(0, MAX_TERMS).join(', ')}` : text;
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
