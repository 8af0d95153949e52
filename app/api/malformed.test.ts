import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { call, cookieOf } from '@/testing/server/call';
import { embeddedFolder } from '@/testing/server/stores';

const REQUESTS = 10_000;
const TOKEN = 'a token that only operators know';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** All routes by their pattern. */
const ROUTES = Object.entries(import.meta.glob<Record<string, unknown>>('./**/route.ts', { eager: true }));

/** Valid bodies, of which the test changes some part. */
const valid = (cookieItem: string): Record<string, unknown>[] => [
  { agree: true, profile: { ageBand: '25–34', region: 'NL', language: 'nl' } },
  {
    sent_at: 1e12,
    events: [
      {
        id: randomUUID(),
        kind: 'like',
        domain: 'courses',
        item: cookieItem,
        at: 1e12,
        list: randomUUID(),
        slot: 0,
        variant: 'diversity:usual',
        diversity: 0.5,
      },
    ],
  },
  { history: [cookieItem, { item: cookieItem, value: -1, timestamp: 1 }], top_k: 5, mode: 'hybrid', alpha: 0.5 },
  { domain: 'courses', interests: ['a', 'b', 'c'], answers: [{ id: cookieItem, value: 1 }], visitor: 'v', count: 3 },
  { items: [{ id: 'new', title: 'New', year: 2026, creators: ['A'], tags: { b: ['c'] } }] },
  { code: 'ABCDEFGHJK', name: 'Ana', handle: 'x' },
  { factors: Array.from({ length: 64 }, () => 0.1), limit: 10 },
  { sent_at: 1e12, items: [{ id: cookieItem, at: 1e12 }] },
];

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '\u0000',
    '%',
    '..',
    "'; drop table event; --",
    '\ud800',
    1e308,
    -1,
    0.5,
    null,
    [],
    {},
    true,
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value with one of its parts replaced, removed or added. */
const spoil = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value !== 'object' || value === null) return nasty;
  const keys = Object.keys(value);
  const replace = (key: string, part: unknown) => {
    const copy = structuredClone(value) as Record<string, unknown>;
    if (part === undefined) delete copy[key];
    else copy[key] = part;
    return copy;
  };
  return fc.oneof(
    { weight: 1, arbitrary: nasty },
    { weight: 1, arbitrary: fc.tuple(fc.string({ maxLength: 8 }), nasty).map(([key, part]) => replace(key, part)) },
    ...(keys.length === 0
      ? []
      : [
          {
            weight: 8,
            arbitrary: fc
              .constantFrom(...keys)
              .chain((key) =>
                fc
                  .option(spoil((value as Record<string, unknown>)[key]), { nil: undefined })
                  .map((part) => replace(key, part)),
              ),
          },
        ]),
  );
};

/** Without lone surrogates, which `encodeURIComponent` refuses. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

describe('malformed requests', () => {
  let cookie: string;
  let item: string;

  beforeAll(async () => {
    vi.stubEnv('INKPICK_DATA', await embeddedFolder());
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
    // The test reports unexpected responses itself.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const routes = Object.fromEntries(ROUTES);
    cookie = cookieOf((await call(routes['./me/route.ts'], 'POST', { body: { agree: true } })).headers)!;
    const popular = await call(routes['./popular/[domain]/route.ts'], 'GET', { params: { domain: 'courses' } });
    item = popular.json<{ results: { id: string }[] }>().results[0].id;
  });

  it(`${REQUESTS.toLocaleString('en-GB')} of them never cause a 5xx`, async () => {
    const bodies = valid(item);
    const word = fc.oneof(
      fc.constantFrom('courses', 'courses', 'nowhere', item, '-1', '1e9', 'diversity:usual', '\u0000'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const request = fc.record({
      route: fc.constantFrom(...ROUTES),
      method: fc.constantFrom(...METHODS, 'POST', 'POST', 'GET'),
      params: fc.record({
        domain: fc.oneof({ weight: 3, arbitrary: fc.constant('courses') }, word),
        id: word,
        handle: word,
      }),
      query: fc.oneof(
        fc.constant(''),
        fc
          .array(
            fc.tuple(
              fc.constantFrom(
                'q',
                'limit',
                'offset',
                'since',
                'window',
                'item_id',
                'top_k',
                'user',
                'item',
                'what',
                'after',
                'domain',
              ),
              word,
            ),
          )
          .map(
            (pairs) => `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(wellFormed(value))}`).join('&')}`,
          ),
      ),
      body: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...bodies).chain((body) => spoil(body)) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      headers: fc.record(
        {
          cookie: fc.oneof(fc.constant('yes'), fc.constantFrom('inkpick=x.y', 'inkpick=%', 'a;b=;;', 'inkpick=')),
          authorization: fc.constantFrom(`Bearer ${TOKEN}`, `Bearer ${TOKEN}`, 'Bearer x', 'Basic eDp5', 'Bearer'),
          origin: fc.constantFrom('null', 'x', 'http://elsewhere.example'),
          'if-none-match': fc.constantFrom('*', '"x"', 'W/'),
          'x-forwarded-for': fc.constantFrom('1.2.3.4', ', ,', 'x'),
        },
        { requiredKeys: [] },
      ),
    });
    const codes = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ route: [, handlers], method, params, query, body, headers }) => {
        const withBody = method !== 'GET' && method !== 'OPTIONS' ? body : undefined;
        const sent = { ...headers, ...(headers.cookie === 'yes' && { cookie }) } as Record<string, string>;
        const text = typeof withBody === 'string' ? wellFormed(withBody) : withBody;
        const answer = await call(handlers, method, { params, query, body: text, headers: sent });
        codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
        expect(answer.status, answer.text).toBeLessThan(500);
        if (answer.status >= 400) {
          const { error } = answer.json<{ error: { code: string; message: string } }>();
          expect(error.code).toMatch(/^[A-Z_]+$/);
          expect(error.message.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: REQUESTS, seed: 20261122 },
    );
    // Responses of all kinds came up: the requests got further than the first check.
    expect([...codes.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405]));
  }, 300_000);
});
