import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange, type Change, type Choice, dislike, hide, inOrder, like, remove } from '../picks/picks';
import { tasteEvents } from './taste-events';

const item = (id: string) => ({ id, title: id, year: null, creators: [], tags: [] });
const liked = applyChange([], like(item('a'), 1)).list;

describe('the events of a change to the picks', () => {
  it('are a like, a dislike, or a retraction', () => {
    expect(tasteEvents([], like(item('a'), 1))).toEqual([{ kind: 'like', item: 'a' }]);
    expect(tasteEvents(liked, dislike(item('a'), 2))).toEqual([{ kind: 'dislike', item: 'a' }]);
    expect(tasteEvents(liked, remove('a'))).toEqual([{ kind: 'retract', item: 'a' }]);
  });

  it('are “not interested”, its retraction, and the like that its undoing restores', () => {
    expect(tasteEvents([], hide(item('a'), 1))).toEqual([{ kind: 'not_interested', item: 'a' }]);
    const { list, undo } = applyChange(liked, hide(item('a'), 2));
    expect(tasteEvents(liked, hide(item('a'), 2))).toEqual([{ kind: 'not_interested', item: 'a' }]);
    expect(tasteEvents(list, remove('a'))).toEqual([{ kind: 'retract', item: 'a' }]);
    expect(tasteEvents(list, undo)).toEqual([{ kind: 'like', item: 'a' }]);
  });

  it('are none where nothing changes', () => {
    expect(tasteEvents(liked, like(item('a'), 2))).toEqual([]);
    expect(tasteEvents(liked, remove('b'))).toEqual([]);
  });

  it('lead a receiver to the same picks, also when the change is undone', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const choice: fc.Arbitrary<Choice> = fc.record({
      id,
      value: fc.constantFrom(1 as const, 0 as const, -1 as const),
      at: fc.nat(100),
      item: fc.constant(null),
    });
    const choices = fc.uniqueArray(choice, { selector: (one) => one.id });
    const change: fc.Arbitrary<Change> = fc.record({ put: choices, drop: fc.uniqueArray(id) });
    const valuesOf = (list: readonly Choice[]) => Object.fromEntries(list.map((one) => [one.id, one.value]));
    fc.assert(
      fc.property(choices.map(inOrder), change, (before, asked) => {
        const { list, undo } = applyChange(before, asked);
        const received: Record<string, number> = valuesOf(before);
        const receive = (events: ReturnType<typeof tasteEvents>) => {
          for (const event of events) {
            if (event.kind === 'retract') delete received[event.item];
            else received[event.item] = event.kind === 'like' ? 1 : event.kind === 'dislike' ? -1 : 0;
          }
          return received;
        };
        expect(receive(tasteEvents(before, asked))).toEqual(valuesOf(list));
        expect(receive(tasteEvents(list, undo))).toEqual(valuesOf(before));
      }),
    );
  });
});
