import type { Change, Choice } from '../picks/picks';
import type { Done } from './shown-list';

/** What a change to the picks says of each item that it changes; putting what is there already says nothing. */
export function tasteEvents(before: readonly Choice[], change: Change): Done[] {
  const values = new Map(before.map(({ id, value }) => [id, value]));
  const put = new Map(change.put.map(({ id, value }) => [id, value]));
  const retracted = change.drop.filter((id) => values.has(id) && !put.has(id));
  return [
    ...retracted.map((item) => ({ kind: 'retract' as const, item })),
    ...[...put]
      .filter(([id, value]) => values.get(id) !== value)
      .map(([item, value]) => ({ kind: value > 0 ? ('like' as const) : ('dislike' as const), item })),
  ];
}
