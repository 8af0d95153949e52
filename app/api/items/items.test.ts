import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { call } from '@/lib/server/testing/call';
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
    ['creators[0]', { creators: ['\ud83d'] }],
    ['tags', { tags: { '\ud800': ['a'] } }],
    ['tags.genres[0]', { tags: { genres: ['\ud800'] } }],
    ['external.imdb', { external: { imdb: 'tt\u0000' } }],
  ])('refuses text that cannot be kept, by the name of its field: %s', async (field, part) => {
    const answer = await publish({ id: randomUUID(), title: 'A new one', ...part });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json<{ error: { field: string } }>().error.field).toContain(`items[0].${field}`);
  });

  it('takes the names that every object has for names like others', async () => {
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
