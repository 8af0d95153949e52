import { describe, expect, it, vi } from 'vitest';
import { cachedResponse, encodeJson, MAX_RESPONSE_BYTES, MAX_RESPONSES } from './response-cache';

let builds = 0;
/** A build of a domain without cached responses. */
const freshBuild = () => ({ id: 'films', version: `build ${++builds}` });
const echo = () => vi.fn((parsed: object): object => ({ request: parsed }));

describe('cachedResponse', () => {
  it('computes a response once, and parses no raw request twice', () => {
    const films = freshBuild();
    const respond = echo();
    const parse = vi.fn(() => ({ like: 'Alien' }));
    const first = cachedResponse(films, 'search', '?q=Alien', parse, respond);
    expect(JSON.parse(first.bytes.toString())).toEqual({ request: { like: 'Alien' } });
    expect(cachedResponse(films, 'search', '?q=Alien', parse, respond)).toBe(first);
    expect([parse.mock.calls.length, respond.mock.calls.length]).toEqual([1, 1]);
  });

  it('recognises the same request in another order of parameters', () => {
    const films = freshBuild();
    const respond = echo();
    const parse = () => ({ q: 'Alien', limit: 3 });
    const first = cachedResponse(films, 'search', '?q=Alien&limit=3', parse, respond);
    expect(cachedResponse(films, 'search', '?limit=3&q=Alien', parse, respond)).toBe(first);
    expect(respond).toHaveBeenCalledTimes(1);
  });

  it('separates kinds, domains and builds', () => {
    const films = freshBuild();
    const respond = echo();
    const request = (domain: { id: string; version: string }, kind: string) =>
      cachedResponse(domain, kind, 'same text', () => ({ same: 'request' }), respond);
    request(films, 'search');
    request(films, 'popular');
    request({ ...films, id: 'songs' }, 'search');
    request(freshBuild(), 'search');
    expect(respond).toHaveBeenCalledTimes(4);
  });

  it('stores nothing after an error', () => {
    const films = freshBuild();
    const fail = () => {
      throw new Error('on purpose');
    };
    expect(() => cachedResponse(films, 'search', 'w', fail, echo())).toThrow('on purpose');
    expect(() => cachedResponse(films, 'search', 'w', () => ({ q: 1 }), fail)).toThrow('on purpose');
    const respond = echo();
    cachedResponse(films, 'search', 'w', () => ({ q: 1 }), respond);
    expect(respond).toHaveBeenCalledTimes(1);
  });

  it('evicts the least recently used response, by number and by bytes', () => {
    const few = freshBuild();
    const request = (domain: { id: string; version: string }, n: number, respond: (parsed: object) => object) =>
      cachedResponse(domain, 'search', `w${n}`, () => ({ n }), respond);
    for (let n = 0; n <= MAX_RESPONSES; n++) request(few, n, echo());
    const again = echo();
    request(few, MAX_RESPONSES, again);
    expect(again).not.toHaveBeenCalled();
    request(few, 0, again);
    expect(again).toHaveBeenCalledTimes(1);

    const large = freshBuild();
    const text = 'x'.repeat(MAX_RESPONSE_BYTES / 4);
    for (let n = 0; n < 4; n++) request(large, n, () => ({ text }));
    const oldest = echo();
    request(large, 0, oldest);
    expect(oldest).toHaveBeenCalledTimes(1);
  });
});

describe('encodeJson', () => {
  it('gives a strong entity tag that differs between bodies', () => {
    const { bytes, etag } = encodeJson({ title: 'Amélie' });
    expect(bytes.toString()).toBe('{"title":"Amélie"}');
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(encodeJson({ title: 'Amélie' }).etag).toBe(etag);
    expect(encodeJson({ title: 'Alien' }).etag).not.toBe(etag);
  });
});
