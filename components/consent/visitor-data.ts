import type { VisitorProfile } from '../../lib/contracts/events';
import { count } from '../ui/text';

/** The parts of `GET /api/me` that the page describes in words. The response may have more. */
export interface VisitorData {
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

/** Event kinds in singular and plural, in display order. Kinds that only a newer server knows keep their own name. */
const EVENT_NAMES: Record<string, readonly [one: string, many: string]> = {
  impression: ['card shown', 'cards shown'],
  view: ['explanation opened', 'explanations opened'],
  click: ['link followed', 'links followed'],
  like: ['like', 'likes'],
  dislike: ['dislike', 'dislikes'],
  save: ['save', 'saves'],
  share: ['pick shared by link', 'picks shared by link'],
  not_interested: ['“not interested”', '“not interested”'],
  retract: ['undo', 'undos'],
};

const ORDER = Object.keys(EVENT_NAMES);
/** Position in the order of {@link EVENT_NAMES}; unknown kinds come last. */
const positionOf = (kind: string) => (kind in EVENT_NAMES ? ORDER.indexOf(kind) : ORDER.length);

const countNoun = (n: number, [one, many]: readonly [string, string]) => `${count(n)} ${n === 1 ? one : many}`;

/**
 * Describes the stored data in words.
 *
 * @param labels names of the domains by id
 * @returns rows of a description list
 */
export function describeVisitorData(
  data: VisitorData,
  labels: ReadonlyMap<string, string>,
): { term: string; description: string }[] {
  const label = (domain: string) => labels.get(domain) ?? domain;
  const rows = [{ term: 'Since', description: `${dayOf(data.about.createdAt)}, under a random id` }];
  if (data.about.name) rows.push({ term: 'Name for friends', description: data.about.name });

  for (const [domain, kinds] of countKinds(data.events)) {
    const counts = [...kinds]
      .sort(([a], [b]) => positionOf(a) - positionOf(b))
      .map(([kind, n]) => countNoun(n, EVENT_NAMES[kind] ?? [kind, kind]));
    rows.push({ term: label(domain), description: counts.join(', ') });
  }
  if (data.events.length === 0) rows.push({ term: 'What you did', description: 'Nothing yet' });

  if (data.experiments.length > 0) {
    rows.push({ term: 'Experiments', description: countNoun(data.experiments.length, ['list', 'lists']) });
  }
  rows.push({
    term: 'Friends',
    description: [
      `you follow ${count(data.following)}`,
      `${count(data.followers)} follow you`,
      ...(data.blocked > 0 ? [`${count(data.blocked)} blocked`] : []),
      data.sharing.length > 0
        ? `you share ${countNoun(data.sharedLikes.length, ['like', 'likes'])} in ${data.sharing.map(label).join(', ')}`
        : 'you share no likes',
    ].join(', '),
  });
  return rows;
}

/**
 * Formats the stored data as JSON, with long lists cut.
 *
 * @param maxEntries entries of each list to show; a note says how many more there are
 */
export function excerptOf(data: VisitorData, maxEntries: number): string {
  return JSON.stringify(
    data,
    (_, value) =>
      Array.isArray(value) && value.length > maxEntries
        ? [...value.slice(0, maxEntries), `… and ${count(value.length - maxEntries)} more; the download has them all`]
        : value,
    2,
  );
}

/** Counts events by domain and kind. */
function countKinds(events: VisitorData['events']): Map<string, Map<string, number>> {
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
