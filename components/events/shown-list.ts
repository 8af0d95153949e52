import type { ScoredItem } from '../../lib/contracts/engine';
import type { EventKind, VisitorEvent } from '../../lib/contracts/events';
import { uuid } from './uuid';

/** A list on the screen, as events speak of it. */
export interface ShownList {
  /** New for each list. */
  id: string;
  domain: string;
  /** Of its items, in order. */
  entries: readonly Entry[];
  /** `experiment:variant`, where one decided something about the list. */
  variant?: string;
  /** How varied it is, where that was measured. */
  diversity?: number;
  /** Items that were seen there. */
  seen: Set<string>;
}

/** One place of a list. */
export interface Entry {
  item: string;
  /** The signal or strategy that brought it there. */
  source: string;
}

/** What experiments want to know of a list. */
export interface Trial {
  /** `experiment:variant`, where one decided something about it. */
  variant?: string;
  diversity?: number;
}

/** A list that is shown from now on; `before` itself where it is the same, for the same is not shown twice. */
export function showList(
  before: ShownList | null,
  domain: string,
  entries: readonly Entry[],
  { variant, diversity }: Trial = {},
): ShownList {
  const isSame =
    before?.domain === domain &&
    before.variant === variant &&
    before.entries.length === entries.length &&
    before.entries.every(({ item }, i) => item === entries[i].item);
  if (isSame) return before;
  return {
    ...{ id: uuid(), domain, entries, seen: new Set() },
    ...(variant && { variant, ...(diversity !== undefined && { diversity }) }),
  };
}

/** The place that brought an item into a list: one kept for new items, else the signal that speaks for it most. */
export function sourceOf({ slot, terms }: Pick<ScoredItem, 'slot' | 'terms'>): string {
  if (slot) return slot;
  const strongest = terms.reduce((best, term) => (term.contribution > best.contribution ? term : best), NO_TERM);
  return strongest.signal === 'social' ? 'friends' : strongest.signal;
}

/** Where nothing speaks for an item, it is there to fill the list up, which popularity does. */
const NO_TERM: Pick<ScoredItem['terms'][number], 'signal' | 'contribution'> = { signal: 'popular', contribution: 0 };

/** What was done with an item. */
export interface Done {
  kind: EventKind;
  item: string;
}

/** An event that is about to happen: without its id and time. */
export type Deed = Omit<VisitorEvent, 'id' | 'at'>;

/** The same with where in `list` the item stood, if it did. */
export function deed({ kind, item }: Done, domain: string, list: ShownList | null): Deed {
  const slot = list?.domain === domain ? list.entries.findIndex((entry) => entry.item === item) : -1;
  if (!list || slot < 0) return { kind, domain, item };
  const { id, variant, diversity } = list;
  return {
    ...{ kind, domain, item, list: id, slot, source: list.entries[slot].source },
    ...(variant && { variant }),
    // Once a list is enough, but which of its events arrives first nobody knows.
    ...(kind === 'impression' && diversity !== undefined && { diversity }),
  };
}
