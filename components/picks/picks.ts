import type { HistoryEntry, ItemSummary } from '../../lib/contracts/engine';
import { MAX_HISTORY } from '../../lib/contracts/engine';
import type { LinkedTaste } from '../link/fragment';

/** What the page keeps of an item, so that a pick has a name before the catalog is there. */
export type PickedItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags'>;

/** One item that the visitor likes or does not. */
export interface Choice {
  id: string;
  value: 1 | -1;
  /** Milliseconds since 1970; orders the list, newest first. */
  at: number;
  /** Null while only the id is known (from a link), and for ever if the catalog does not hold it. */
  item: PickedItem | null;
}

/** A change to the list: what is put (added or replaced) and what is taken away. The last one wins per item. */
export interface Change {
  put: readonly Choice[];
  drop: readonly string[];
}

export const like = (item: PickedItem, at: number): Change => ({ put: [choose(item, 1, at)], drop: [] });
export const dislike = (item: PickedItem, at: number): Change => ({ put: [choose(item, -1, at)], drop: [] });
export const remove = (id: string): Change => ({ put: [], drop: [id] });

function choose(item: PickedItem, value: 1 | -1, at: number): Choice {
  const { id, title, year, creators, tags } = item;
  return { id, value, at, item: { id, title, year, creators, tags } };
}

/** Newest first; ids settle ties, so that two tabs agree. */
export function inOrder(choices: Iterable<Choice>): Choice[] {
  return [...choices].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** The list after `change`, and the change that undoes it. Pure. */
export function applyChange(list: readonly Choice[], change: Change): { list: Choice[]; undo: Change } {
  const before = new Map(list.map((entry) => [entry.id, entry]));
  const after = new Map(before);
  for (const id of change.drop) after.delete(id);
  for (const entry of change.put) after.set(entry.id, entry);

  const touched = [...new Set([...change.drop, ...change.put.map((entry) => entry.id)])];
  const undo: Change = {
    put: touched.flatMap((id) => before.get(id) ?? []),
    drop: touched.filter((id) => !before.has(id) && after.has(id)),
  };
  return { list: inOrder(after.values()), undo };
}

/** The list as the engine wants it: oldest first, at most as many as it takes, the newest kept. */
export function toHistory(list: readonly Choice[]): HistoryEntry[] {
  return list
    .slice(0, MAX_HISTORY)
    .reverse()
    .map(({ id, value, at }) => ({ id, value, timestamp: Math.floor(at / 1000) }));
}

export function toLinked(list: readonly Choice[], interests: readonly { id: string }[]): LinkedTaste {
  return {
    likes: list.filter((entry) => entry.value > 0).map((entry) => entry.id),
    dislikes: list.filter((entry) => entry.value < 0).map((entry) => entry.id),
    interests: interests.map((interest) => interest.id),
  };
}

/** The list that a link carries, its order kept. The items are not known yet. */
export function fromLinked(taste: LinkedTaste): Choice[] {
  const ids = [
    ...taste.likes.map((id) => ({ id, value: 1 as const })),
    ...taste.dislikes.map((id) => ({ id, value: -1 as const })),
  ];
  return ids.map((entry, i) => ({ ...entry, at: ids.length - i, item: null }));
}

/**
 * Gives the choices of a link their items, and the catalog's own ids where the link used external ones.
 * `items` may come in any order and lack some.
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

/** Whether two tastes say the same, their order aside. */
export function sameTaste(a: LinkedTaste, b: LinkedTaste): boolean {
  const key = (taste: LinkedTaste) =>
    JSON.stringify([taste.likes, taste.dislikes, taste.interests].map((ids) => [...ids].sort()));
  return key(a) === key(b);
}
