import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as popular from '@/app/api/popular/[domain]/route';
import * as recommend from '@/app/api/recommend/[domain]/route';
import * as search from '@/app/api/search/[domain]/route';
import * as shared from '@/app/api/shared/[domain]/route';
import * as trending from '@/app/api/trending/[domain]/route';
import { getEngine } from '@/lib/server/engines';
import { call } from '@/testing/server/call';
import * as one from './[domain]/[id]/route';
import * as items from './[domain]/route';

const TOKEN = 'a token that only operators know';
const params = { domain: 'courses' };
const headers = { authorization: `Bearer ${TOKEN}` };

beforeEach(() => {
  vi.stubEnv('INKPICK_DATA', 'memory');
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
});

const publish = (item: object) => call(items, 'POST', { params, headers, body: { items: [item] } });

describe('/api/items/[domain]', () => {
  it.each([
    ['title', { title: '\ud800 alone' }],
    ['title', { title: 'a\u0000b' }],
    ['id', { id: 'half \udc00' }],
    ['id', { id: '..' }],
    ['creators[0]', { creators: ['\ud83d'] }],
    ['tags', { tags: { '\ud800': ['a'] } }],
    ['tags.genres[0]', { tags: { genres: ['\ud800'] } }],
    ['external.imdb', { external: { imdb: 'tt\u0000' } }],
    ['title', { title: 'Cas\u200bablanca' }],
    ['title', { title: 'Casa\u202eacnalb' }],
    ['creators[0]', { creators: ['Michael\u00ad Curtiz'] }],
    ['tags.genres[0]', { tags: { genres: ['\u3164'] } }],
  ])('refuses text that cannot be stored or displayed, with the name of its field: %s', async (field, part) => {
    const answer = await publish({ id: randomUUID(), title: 'A new one', ...part });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json<{ error: { field: string } }>().error.field).toContain(`items[0].${field}`);
  });

  it('normalises titles', async () => {
    const id = randomUUID();
    expect((await publish({ id, title: 'Le\u00a0fabuleux destin d’Ame\u0301lie' })).status).toBe(201);
    const found = await call(one, 'GET', { params: { ...params, id } });
    expect(found.json<{ title: string }>().title).toBe('Le fabuleux destin d’Amélie');
    expect((await call(one, 'DELETE', { params: { ...params, id }, headers })).status).toBe(200);
  });

  it('lets caches store a published item for a minute, and an item of the build for longer', async () => {
    const id = randomUUID();
    expect((await publish({ id, title: 'A passing one' })).status).toBe(201);
    const get = (id: string) => call(one, 'GET', { params: { ...params, id } });
    const cacheControl = async (id: string) => (await get(id)).headers.get('cache-control');
    expect(await cacheControl(id)).toBe('public, max-age=60, must-revalidate');
    const [builtIn] = (await getEngine(params.domain)).popular(1);
    expect(await cacheControl(builtIn.id)).toMatch(/stale-while-revalidate=86400/);
    // No other response that may contain the item is cached for longer.
    const others = [
      call(items, 'GET', { params }),
      call(popular, 'GET', { params }),
      call(trending, 'GET', { params }),
      call(shared, 'GET', { params }),
      call(search, 'GET', { params, query: '?q=passing' }),
      call(recommend, 'GET', { params, query: `?item_id=${id}` }),
    ];
    for (const { status, headers } of await Promise.all(others)) {
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toMatch(/^(private, no-store|public, max-age=2)$/);
    }
    expect((await call(one, 'DELETE', { params: { ...params, id }, headers })).status).toBe(200);
    const gone = await get(id);
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('treats names of Object.prototype like other names', async () => {
    const id = randomUUID();
    const published = await publish(
      JSON.parse(`{
        "id": "${id}", "title": "constructor",
        "tags": {"__proto__": ["polluted"], "constructor": ["toString"], "hasOwnProperty": ["valueOf"]},
        "external": {"__proto__": "polluted", "constructor": "prototype"}
      }`),
    );
    expect(published.status, published.text).toBe(201);
    const found = await call(one, 'GET', { params: { ...params, id } });
    expect([found.status, found.json<{ title: string }>().title]).toEqual([200, 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await call(one, 'DELETE', { params: { ...params, id }, headers })).status).toBe(200);
  });
});
