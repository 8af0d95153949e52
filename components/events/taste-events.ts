import type { EventKind } from '../../lib/contracts/events';
import type { Change, Choice } from '../picks/picks';
import type { Done } from './shown-list';

const KINDS = { '1': 'like', '0': 'not_interested', '-1': 'dislike' } as const satisfies Record<
  `${Choice['value']}`,
  EventKind
>;

/** What a change to the choices says of each item that it changes; putting what is there already says nothing. */
export function tasteEvents(before: readonly Choice[], change: Change): Done[] {
  const values = new Map(before.map(({ id, value }) => [id, value]));
  const put = new Map(change.put.map(({ id, value }) => [id, value]));
  const retracted = change.drop.filter((id) => values.has(id) && !put.has(id));
  return [
    ...retracted.map((item) => ({ kind: 'retract' as const, item })),
    ...[...put]
      .filter(([id, value]) => values.get(id) !== value)
      .map(([item, value]) => ({ kind: KINDS[`${value}`], item })),
  ];
}
