import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange, type Change, type Choice, dislike, hide, inOrder, like, remove } from '../picks/picks';
import { tasteEvents } from './taste-events';

const item = (id: string) => ({ id, title: id, year: null, creators: [], tags: [] });
const liked = applyChange([], like(item('a'), 1)).list;

describe('what a change to the picks says', () => {
  it('tells a like, a dislike, and a change of mind', () => {
    expect(tasteEvents([], like(item('a'), 1))).toEqual([{ kind: 'like', item: 'a' }]);
    expect(tasteEvents(liked, dislike(item('a'), 2))).toEqual([{ kind: 'dislike', item: 'a' }]);
    expect(tasteEvents(liked, remove('a'))).toEqual([{ kind: 'retract', item: 'a' }]);
  });

  it('tells "not interested", that it is taken back, and a like that it replaces', () => {
    expect(tasteEvents([], hide(item('a'), 1))).toEqual([{ kind: 'not_interested', item: 'a' }]);
    const { list, undo } = applyChange(liked, hide(item('a'), 2));
    expect(tasteEvents(liked, hide(item('a'), 2))).toEqual([{ kind: 'not_interested', item: 'a' }]);
    expect(tasteEvents(list, remove('a'))).toEqual([{ kind: 'retract', item: 'a' }]);
    expect(tasteEvents(list, undo)).toEqual([{ kind: 'like', item: 'a' }]);
  });

  it('says nothing where nothing changes', () => {
    expect(tasteEvents(liked, like(item('a'), 2))).toEqual([]);
    expect(tasteEvents(liked, remove('b'))).toEqual([]);
  });

  it('leads whoever hears of it to the same picks, undone ones too', () => {
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
        const heard: Record<string, number> = valuesOf(before);
        const hear = (events: ReturnType<typeof tasteEvents>) => {
          for (const event of events) {
            if (event.kind === 'retract') delete heard[event.item];
            else heard[event.item] = event.kind === 'like' ? 1 : event.kind === 'dislike' ? -1 : 0;
          }
          return heard;
        };
        expect(hear(tasteEvents(before, asked))).toEqual(valuesOf(list));
        expect(hear(tasteEvents(list, undo))).toEqual(valuesOf(before));
      }),
    );
  });
});
