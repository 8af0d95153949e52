import { describe, expect, it, vi } from 'vitest';
import { MOST_ANSWERS, MOST_BYTES, remembered, toJson } from './response-cache';

let builds = 0;
/** A build of a domain that no other test has asked anything. */
const freshBuild = () => ({ id: 'films', version: `build ${++builds}` });
const echo = () => vi.fn((question: object): object => ({ answers: question }));

describe('remembered', () => {
  it('computes an answer once, and parses no wording twice', () => {
    const films = freshBuild();
    const answer = echo();
    const read = vi.fn(() => ({ like: 'Alien' }));
    const first = remembered(films, 'search', '?q=Alien', read, answer);
    expect(JSON.parse(first.bytes.toString())).toEqual({ answers: { like: 'Alien' } });
    expect(remembered(films, 'search', '?q=Alien', read, answer)).toBe(first);
    expect([read.mock.calls.length, answer.mock.calls.length]).toEqual([1, 1]);
  });

  it('knows a question in other words', () => {
    const films = freshBuild();
    const answer = echo();
    const first = remembered(films, 'search', '?q=Alien&limit=3', () => ({ q: 'Alien', limit: 3 }), answer);
    expect(remembered(films, 'search', '?limit=3&q=Alien', () => ({ q: 'Alien', limit: 3 }), answer)).toBe(first);
    expect(answer).toHaveBeenCalledTimes(1);
  });

  it('keeps kinds, domains and builds apart', () => {
    const films = freshBuild();
    const answer = echo();
    const ask = (domain: { id: string; version: string }, kind: string) =>
      remembered(domain, kind, 'same words', () => ({ same: 'question' }), answer);
    ask(films, 'search');
    ask(films, 'popular');
    ask({ ...films, id: 'songs' }, 'search');
    ask(freshBuild(), 'search');
    expect(answer).toHaveBeenCalledTimes(4);
  });

  it('keeps nothing of what failed', () => {
    const films = freshBuild();
    const fail = () => {
      throw new Error('on purpose');
    };
    expect(() => remembered(films, 'search', 'w', fail, echo())).toThrow('on purpose');
    expect(() => remembered(films, 'search', 'w', () => ({ q: 1 }), fail)).toThrow('on purpose');
    const answer = echo();
    remembered(films, 'search', 'w', () => ({ q: 1 }), answer);
    expect(answer).toHaveBeenCalledTimes(1);
  });

  it('forgets what was not asked for longest, by number and by bytes', () => {
    const few = freshBuild();
    const ask = (domain: { id: string; version: string }, n: number, answer: (question: object) => object) =>
      remembered(domain, 'search', `w${n}`, () => ({ n }), answer);
    for (let n = 0; n <= MOST_ANSWERS; n++) ask(few, n, echo());
    const again = echo();
    ask(few, MOST_ANSWERS, again);
    expect(again).not.toHaveBeenCalled();
    ask(few, 0, again);
    expect(again).toHaveBeenCalledTimes(1);

    const large = freshBuild();
    const text = 'x'.repeat(MOST_BYTES / 4);
    for (let n = 0; n < 4; n++) ask(large, n, () => ({ text }));
    const oldest = echo();
    ask(large, 0, oldest);
    expect(oldest).toHaveBeenCalledTimes(1);
  });
});

describe('toJson', () => {
  it('has a strong entity tag that tells bodies apart', () => {
    const { bytes, etag } = toJson({ title: 'Amélie' });
    expect(bytes.toString()).toBe('{"title":"Amélie"}');
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(toJson({ title: 'Amélie' }).etag).toBe(etag);
    expect(toJson({ title: 'Alien' }).etag).not.toBe(etag);
  });
});
