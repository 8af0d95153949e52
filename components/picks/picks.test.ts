import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_HISTORY } from '../../lib/contracts/engine';
import {
  applyChange,
  type Change,
  type Choice,
  dislike,
  fromLinked,
  hide,
  inOrder,
  isPick,
  like,
  remove,
  resolveChoices,
  sameTaste,
  save,
  toHidden,
  toHistory,
  toLinked,
} from './picks';

const item = (id: string) => ({ id, title: `Title ${id}`, year: 1999, creators: [], tags: [] });
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const entry: fc.Arbitrary<Choice> = fc.record({
  id,
  value: fc.constantFrom(1 as const, 0 as const, -1 as const),
  at: fc.nat(1000),
  item: fc.constant(null),
});
const list = fc.uniqueArray(entry, { selector: (e) => e.id }).map(inOrder);
const change: fc.Arbitrary<Change> = fc.record({
  put: fc.uniqueArray(entry, { selector: (e) => e.id }),
  drop: fc.uniqueArray(id),
});

describe('picks', () => {
  it('undo restores the same list in the same order', () => {
    fc.assert(
      fc.property(list, change, (before, c) => {
        const { list: after, undo } = applyChange(before, c);
        expect(applyChange(after, undo).list).toEqual(before);
      }),
    );
  });

  it('contains no item twice and has the newest first', () => {
    fc.assert(
      fc.property(list, fc.array(change), (start, changes) => {
        const end = changes.reduce((current, c) => applyChange(current, c).list, start);
        expect(new Set(end.map((e) => e.id)).size).toBe(end.length);
        expect(end.map((e) => e.at)).toEqual(end.map((e) => e.at).sort((a, b) => b - a));
      }),
    );
  });

  it('likes, then dislikes, then forgets an item', () => {
    const liked = applyChange([], like(item('a'), 1)).list;
    expect(liked).toMatchObject([{ id: 'a', value: 1, item: { title: 'Title a' } }]);
    const disliked = applyChange(liked, dislike(item('a'), 2)).list;
    expect(disliked).toMatchObject([{ id: 'a', value: -1 }]);
    expect(applyChange(disliked, remove('a')).list).toEqual([]);
  });

  it('hides items of no interest, which are not part of the taste', () => {
    const liked = applyChange([], like(item('a'), 1)).list;
    const { list, undo } = applyChange(liked, hide(item('b'), 2));
    expect(toHidden(list)).toEqual(['b']);
    expect(toHistory(list)).toEqual(toHistory(liked));
    expect(list.filter(isPick)).toEqual(liked);
    expect(applyChange(list, undo).list).toEqual(liked);
  });

  it('has one opinion of each item: hiding a liked item takes the like back, and liking shows it again', () => {
    const liked = applyChange([], like(item('a'), 1)).list;
    const hidden = applyChange(liked, hide(item('a'), 2)).list;
    expect([toHistory(hidden), toHidden(hidden)]).toEqual([[], ['a']]);
    const again = applyChange(hidden, like(item('a'), 3)).list;
    expect([toHistory(again).map(({ id }) => id), toHidden(again)]).toEqual([['a'], []]);
  });

  it('stores of a saved item what the page shows, and where it can be opened', () => {
    const film = { ...item('a'), links: { imdb: 'https://example.com/a' }, popularity: 3, external: {} };
    const { list, undo } = applyChange([], save(film, 5));
    expect(list).toEqual([{ id: 'a', at: 5, item: { ...item('a'), links: film.links } }]);
    expect(applyChange(list, undo).list).toEqual([]);
    const removed = applyChange(list, remove('a'));
    expect(applyChange(removed.list, removed.undo).list).toEqual(list);
  });

  it('gives the engine the newest entries, oldest first', () => {
    const many = inOrder(
      Array.from({ length: MAX_HISTORY + 10 }, (_, i) => ({ id: String(i), value: 1 as const, at: i, item: null })),
    );
    const history = toHistory(many);
    expect(history).toHaveLength(MAX_HISTORY);
    expect(history.at(-1)!.id).toBe(String(MAX_HISTORY + 9));
    expect(history[0].id).toBe('10');
  });

  it('survives the way through a link', () => {
    const linked = { likes: ['x', 'y'], dislikes: ['z'], hidden: ['w'], interests: ['drama'] };
    const choices = fromLinked(linked);
    expect(inOrder(choices)).toEqual(choices);
    expect(toLinked(choices, [{ id: 'drama' }])).toEqual(linked);
  });

  it('finds the items of a link, by external ids too, each once', () => {
    const shawshank = { ...item('318'), external: { imdb: 'tt0111161' }, links: {}, popularity: 1 };
    const list = fromLinked({ likes: ['tt0111161', 'gone'], dislikes: ['318'], hidden: [], interests: [] });
    expect(resolveChoices(list, [shawshank])).toMatchObject([
      { id: '318', value: 1, item: { title: 'Title 318' } },
      { id: 'gone', item: null },
    ]);
  });

  it('compares tastes in whatever order', () => {
    const a = { likes: ['1', '2'], dislikes: [], hidden: [], interests: ['x'] };
    expect(sameTaste(a, { ...a, likes: ['2', '1'] })).toBe(true);
    expect(sameTaste(a, { ...a, hidden: ['9'] })).toBe(true);
    expect(sameTaste(a, { ...a, likes: ['1'], dislikes: ['2'] })).toBe(false);
    expect(sameTaste(a, { ...a, interests: [] })).toBe(false);
  });
});
