import type { EventKind } from '../../lib/contracts/events';
import type { Change, Choice } from '../picks/picks';
import type { ItemEvent } from './shown-list';

const KINDS = { '1': 'like', '0': 'not_interested', '-1': 'dislike' } as const satisfies Record<
  `${Choice['value']}`,
  EventKind
>;

/** The events of a change to the choices: one for each item whose value changes. */
export function tasteEvents(before: readonly Choice[], change: Change): ItemEvent[] {
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
