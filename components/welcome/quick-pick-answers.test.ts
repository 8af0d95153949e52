import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange, type Choice } from '../picks/picks';
import {
  type Answer,
  type AnswerValue,
  answerOfKey,
  describeProgress,
  firstUnsettled,
  toPicks,
} from './quick-pick-answers';

const item = (id: string) => ({ id, title: id.toUpperCase(), year: 1999, creators: [], tags: [] });
const answer = (id: string, value: AnswerValue): Answer => ({ item: item(id), value });

describe('the answers of the quick pick', () => {
  it('become picks, newest first, except for "don’t know it"', () => {
    const change = toPicks([answer('a', 1), answer('b', 0), answer('c', -1), answer('d', 1)], 1000);
    const { list } = applyChange([], change);
    expect(list.map(({ id, value }) => [id, value])).toEqual([
      ['d', 1],
      ['c', -1],
      ['a', 1],
    ]);
    expect(list[0]).toMatchObject({ at: 1000, item: { title: 'D' } });
    expect(toPicks([answer('b', 0)], 1000)).toEqual({ put: [], drop: [] });
  });

  it('become picks in the order of the answers, none later than now, and can be undone', () => {
    const answers = fc.uniqueArray(
      fc.tuple(fc.nat(99).map(String), fc.constantFrom<AnswerValue>(1, -1, 0)).map(([id, value]) => answer(id, value)),
      { selector: ({ item }) => item.id },
    );
    const before: Choice[] = [{ id: '7', value: -1, at: 3, item: null }];
    fc.assert(
      fc.property(answers, (given) => {
        const { list, undo } = applyChange(before, toPicks(given, 1e6));
        const rated = given.filter(({ value }) => value !== 0).map(({ item }) => item.id);
        expect(list.map(({ id }) => id).filter((id) => rated.includes(id))).toEqual(rated.toReversed());
        expect(Math.max(0, ...list.map(({ at }) => at))).toBeLessThanOrEqual(1e6);
        expect(applyChange(list, undo).list).toEqual(before);
      }),
    );
  });

  it('decide which question comes next', () => {
    const questions = ['a', 'b', 'c'].map(item);
    expect(firstUnsettled(questions, new Set(['a']))).toBe(questions[1]);
    expect(firstUnsettled(questions, new Set(['a', 'b', 'c']))).toBeUndefined();
  });

  it('count as progress only if they are likes or dislikes', () => {
    const opinions = (count: number) => Array.from({ length: count }, (_, i) => answer(String(i), i % 2 ? 1 : -1));
    expect(describeProgress([answer('x', 0)])).toBe('5 answers are enough');
    expect(describeProgress([...opinions(2), answer('x', 0)])).toBe('2 answered, 3 more to go');
    expect(describeProgress(opinions(5))).toBe('That is enough');
  });

  it('are given by three arrow keys', () => {
    expect(['ArrowLeft', 'ArrowRight', 'ArrowDown'].map(answerOfKey)).toEqual([-1, 1, 0]);
    expect(['ArrowUp', 'Enter', 'constructor'].map(answerOfKey)).toEqual([undefined, undefined, undefined]);
  });
});
