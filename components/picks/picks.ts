import type { HistoryEntry, ItemSummary } from '../../lib/contracts/engine';
import { MAX_HISTORY } from '../../lib/contracts/engine';
import type { LinkedTaste } from '../link/fragment';

/** What is stored of an item, so that a pick has a name before the catalog is loaded. */
export type PickedItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags'>;

/** What is stored of a saved item: also where it can be opened. */
export type SavedItem = PickedItem & Pick<ItemSummary, 'links'>;

/** One entry of a list on the device. */
export interface Entry {
  id: string;
  /** Milliseconds since 1970; orders the list, newest first. */
  at: number;
}

/** The visitor's latest opinion of one item. */
export interface Choice extends Entry {
  /** 1 like, -1 dislike. 0 is "not interested": it hides the item, and is not part of the visitor's taste. */
  value: 1 | 0 | -1;
  /** Null while only the id is known (from a link), or if the catalog does not have it. */
  item: PickedItem | null;
}

/** One item saved for later. Saving is not an opinion: the item may also be liked or hidden. */
export interface Saved extends Entry {
  item: SavedItem;
}

/** A change to a list: entries to add or replace, and ids to remove. The last change of an item wins. */
export interface Change<T extends Entry = Choice> {
  put: readonly T[];
  drop: readonly string[];
}

export const like = (item: PickedItem, at: number): Change => ({ put: [choose(item, 1, at)], drop: [] });
export const dislike = (item: PickedItem, at: number): Change => ({ put: [choose(item, -1, at)], drop: [] });
/** Not interested. */
export const hide = (item: PickedItem, at: number): Change => ({ put: [choose(item, 0, at)], drop: [] });
export const remove = (id: string): Change<never> => ({ put: [], drop: [id] });

export function save(item: SavedItem, at: number): Change<Saved> {
  return { put: [{ id: item.id, at, item: { ...toPicked(item), links: item.links } }], drop: [] };
}

/** Whether a choice is part of the taste; the others are hidden items. */
export const isPick = ({ value }: Choice): boolean => value !== 0;

function choose(item: PickedItem, value: Choice['value'], at: number): Choice {
  return { id: item.id, value, at, item: toPicked(item) };
}

function toPicked({ id, title, year, creators, tags }: PickedItem): PickedItem {
  return { id, title, year, creators, tags };
}

/** Newest first; ids settle ties, so that two tabs agree. */
export function inOrder<T extends Entry>(list: Iterable<T>): T[] {
  return [...list].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** The list after `change`, and the change that undoes it. Pure. */
export function applyChange<T extends Entry>(list: readonly T[], change: Change<T>): { list: T[]; undo: Change<T> } {
  const before = new Map(list.map((entry) => [entry.id, entry]));
  const after = new Map(before);
  for (const id of change.drop) after.delete(id);
  for (const entry of change.put) after.set(entry.id, entry);

  const touched = [...new Set([...change.drop, ...change.put.map((entry) => entry.id)])];
  const undo: Change<T> = {
    put: touched.flatMap((id) => before.get(id) ?? []),
    drop: touched.filter((id) => !before.has(id) && after.has(id)),
  };
  return { list: inOrder(after.values()), undo };
}

/** The picks as the engine takes them: the newest {@link MAX_HISTORY}, oldest first. */
export function toHistory(list: readonly Choice[]): HistoryEntry[] {
  return list
    .filter(isPick)
    .slice(0, MAX_HISTORY)
    .reverse()
    .map(({ id, value, at }) => ({ id, value, timestamp: Math.floor(at / 1000) }));
}

/** Ids of hidden items, newest first. */
export function toHidden(list: readonly Choice[]): string[] {
  return list.flatMap((entry) => (isPick(entry) ? [] : entry.id)).slice(0, MAX_HISTORY);
}

/** What a link carries of the choices and interests. */
export function toLinked(list: readonly Choice[], interests: readonly { id: string }[]): LinkedTaste {
  return {
    likes: list.filter((entry) => entry.value > 0).map((entry) => entry.id),
    dislikes: list.filter((entry) => entry.value < 0).map((entry) => entry.id),
    hidden: toHidden(list),
    interests: interests.map((interest) => interest.id),
  };
}

/** The choices that a link carries, in its order. Their items are not known yet. */
export function fromLinked(taste: LinkedTaste): Choice[] {
  const ids = [
    ...taste.likes.map((id) => ({ id, value: 1 as const })),
    ...taste.dislikes.map((id) => ({ id, value: -1 as const })),
    ...taste.hidden.map((id) => ({ id, value: 0 as const })),
  ];
  return ids.map((entry, i) => ({ ...entry, at: ids.length - i, item: null }));
}

/**
 * Adds their items to the choices of a link, and replaces external ids by the catalog's own.
 *
 * @param items in any order; may lack some
 */
export function resolveChoices(list: readonly Choice[], items: readonly ItemSummary[]): Choice[] {
  const byId = new Map<string, ItemSummary>();
  for (const item of items) for (const id of [...Object.values(item.external), item.id]) byId.set(id, item);
  const resolved = new Map<string, Choice>();
  for (const entry of list) {
    const item = byId.get(entry.id);
    const choice = item ? choose(item, entry.value, entry.at) : entry;
    if (!resolved.has(choice.id)) resolved.set(choice.id, choice);
  }
  return [...resolved.values()];
}

/** Whether two tastes are equal, in whatever order. Hidden items are not part of a taste. */
export function sameTaste(a: LinkedTaste, b: LinkedTaste): boolean {
  const key = (taste: LinkedTaste) =>
    JSON.stringify([taste.likes, taste.dislikes, taste.interests].map((ids) => [...ids].sort()));
  return key(a) === key(b);
}
