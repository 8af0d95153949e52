import type { VisitorProfile } from '../../lib/contracts/events';
import { count } from '../ui/text';

/** What the server holds of a visitor, as far as the page has words for it; all of it can be shown as it is. */
export interface Held {
  about: VisitorProfile & { createdAt: string; name?: string | null };
  opinions: readonly { domain: string; value: number }[];
  events: readonly { domain: string; kind: string }[];
  voices?: readonly unknown[];
  experiments: readonly unknown[];
  sharing: readonly string[];
  sharedLikes: readonly unknown[];
  following: number;
  followers: number;
  blocked: number;
}

/** What an event is called, one and many; those that a newer server knows keep their own name. */
const EVENTS: Record<string, readonly [one: string, many: string]> = {
  impression: ['card shown', 'cards shown'],
  view: ['look at the reasons', 'looks at the reasons'],
  click: ['link followed', 'links followed'],
  like: ['like', 'likes'],
  dislike: ['dislike', 'dislikes'],
  save: ['save', 'saves'],
  share: ['pick shared by link', 'picks shared by link'],
  not_interested: ['“not interested”', '“not interested”'],
  retract: ['change of mind', 'changes of mind'],
};

const ORDER = Object.keys(EVENTS);
/** Events come in no order: they are told in that of {@link EVENTS}, and those of newer servers behind. */
const placeOf = (kind: string) => (kind in EVENTS ? ORDER.indexOf(kind) : ORDER.length);

const several = (n: number, [one, many]: readonly [string, string]) => `${count(n)} ${n === 1 ? one : many}`;

/** What is held, in words: rows of a heading and what stands under it. `labels` are the domains' names by id. */
export function describeHeld(held: Held, labels: ReadonlyMap<string, string>): { what: string; says: string }[] {
  const label = (domain: string) => labels.get(domain) ?? domain;
  const rows = [{ what: 'Since', says: `${dayOf(held.about.createdAt)}, under a random number` }];
  if (held.about.name) rows.push({ what: 'Name for friends', says: held.about.name });

  for (const [domain, kinds] of countKinds(held.events)) {
    const says = [...kinds]
      .sort(([a], [b]) => placeOf(a) - placeOf(b))
      .map(([kind, n]) => several(n, EVENTS[kind] ?? [kind, kind]));
    rows.push({ what: label(domain), says: says.join(', ') });
  }
  if (held.events.length === 0) rows.push({ what: 'What you did', says: 'Nothing yet' });

  if (held.experiments.length > 0) {
    rows.push({ what: 'Experiments', says: several(held.experiments.length, ['list', 'lists']) });
  }
  rows.push({
    what: 'Friends',
    says: [
      `you follow ${count(held.following)}`,
      `${count(held.followers)} follow you`,
      ...(held.blocked > 0 ? [`${count(held.blocked)} blocked`] : []),
      held.sharing.length > 0
        ? `you share ${several(held.sharedLikes.length, ['like', 'likes'])} in ${held.sharing.map(label).join(', ')}`
        : 'you share no likes',
    ].join(', '),
  });
  return rows;
}

/** What is held, as a page can show it: as JSON, and of each long list only the beginning, with a word on how many there are. */
export function excerptOf(held: Held, most: number): string {
  return JSON.stringify(
    held,
    (_, value) =>
      Array.isArray(value) && value.length > most
        ? [...value.slice(0, most), `… and ${count(value.length - most)} more, all of which are in the download`]
        : value,
    2,
  );
}

/** How many events there are of each kind, by domain. */
function countKinds(events: Held['events']): Map<string, Map<string, number>> {
  const byDomain = new Map<string, Map<string, number>>();
  for (const { domain, kind } of events) {
    const kinds = byDomain.get(domain) ?? new Map<string, number>();
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    byDomain.set(domain, kinds);
  }
  return byDomain;
}

/** `3 November 2026` */
function dayOf(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}
