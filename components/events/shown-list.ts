import type { ScoredItem } from '../../lib/contracts/engine';
import type { EventKind, VisitorEvent } from '../../lib/contracts/events';
import { uuid } from './uuid';

/** A list on the screen, as events refer to it. */
export interface ShownList {
  /** New for each list. */
  id: string;
  domain: string;
  /** Its items, in order. */
  entries: readonly ListEntry[];
  /** `experiment:variant`, where an experiment decided something about the list. */
  variant?: string;
  /** How diverse it is, where that was measured. */
  diversity?: number;
  /** Items that were seen in it. */
  seen: Set<string>;
}

/** One place of a list. */
export interface ListEntry {
  item: string;
  /** The signal or strategy that chose the item. */
  source: string;
}

/** What experiments record of a list. */
export interface Exposure {
  /** `experiment:variant`, where an experiment decided something about the list. */
  variant?: string;
  diversity?: number;
}

/** The list shown from now on; `before` itself where it is the same, because the same list is not shown twice. */
export function showList(
  before: ShownList | null,
  domain: string,
  entries: readonly ListEntry[],
  { variant, diversity }: Exposure = {},
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

/** Why an item is in a list: a place reserved for new items, else the signal that contributes most to its score. */
export function sourceOf({ slot, terms }: Pick<ScoredItem, 'slot' | 'terms'>): string {
  if (slot) return slot;
  const strongest = terms.reduce((best, term) => (term.contribution > best.contribution ? term : best), NO_TERM);
  return strongest.signal === 'social' ? 'friends' : strongest.signal;
}

/** An item to which no signal contributes fills up the list, which popularity does. */
const NO_TERM: Pick<ScoredItem['terms'][number], 'signal' | 'contribution'> = { signal: 'popular', contribution: 0 };

/** What was done with an item. */
export interface ItemEvent {
  kind: EventKind;
  item: string;
}

/** An event with the item's place in a list, but without id and time. */
export type PlacedEvent = Omit<VisitorEvent, 'id' | 'at'>;

/** Adds the item's place in `list`, if it has one. */
export function placeEvent({ kind, item }: ItemEvent, domain: string, list: ShownList | null): PlacedEvent {
  const slot = list?.domain === domain ? list.entries.findIndex((entry) => entry.item === item) : -1;
  if (!list || slot < 0) return { kind, domain, item };
  const { id, variant, diversity } = list;
  return {
    ...{ kind, domain, item, list: id, slot, source: list.entries[slot].source },
    ...(variant && { variant }),
    // Once a list would be enough, but any of its impressions may arrive first.
    ...(kind === 'impression' && diversity !== undefined && { diversity }),
  };
}
