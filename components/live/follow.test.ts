import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemDeltaSchema, liveSignalsSchema, type PublishedItem } from '../../lib/contracts/live-signals';
import { Follower } from './follow';

/** As much of the API as a follower asks, with parts of a delta as small as two revisions. */
let server: Server;
let published: { revision: number; item: PublishedItem; isWithdrawn: boolean }[];
let likes: { status: number; body: unknown };
let broken: 'nothing' | 'everything' | 'items';
let asked: string[];

const REVISIONS_AT_ONCE = 2;
const item = (id: string, title = id): PublishedItem => ({
  id,
  title,
  creators: [],
  tags: {},
  external: {},
  publishedAt: 1_700_000_000,
});

function publish(id: string, { title = id, isWithdrawn = false } = {}) {
  const revision = Math.max(0, ...published.map((entry) => entry.revision)) + 1;
  published = [...published.filter((entry) => entry.item.id !== id), { revision, item: item(id, title), isWithdrawn }];
}

function answer(url: URL): { status: number; body: unknown } {
  const fails = broken === 'everything' || (broken === 'items' && url.pathname.startsWith('/api/items/'));
  if (fails) return { status: 200, body: '<html>Welcome to the hotel!</html>' };
  switch (url.pathname) {
    case '/api/shared/cinema': {
      const shared = { trending: [{ id: '318', weight: 2 }], fresh: [], baseRate: 0.1 };
      const revision = Math.max(0, ...published.map((entry) => entry.revision));
      return { status: 200, body: { domain: 'cinema', ...shared, revision } };
    }
    case '/api/items/cinema': {
      const since = Number(url.searchParams.get('since'));
      const part = published.filter((entry) => entry.revision > since).slice(0, REVISIONS_AT_ONCE);
      const delta = {
        domain: 'cinema',
        revision: part.at(-1)?.revision ?? since,
        items: part.filter((entry) => !entry.isWithdrawn).map((entry) => entry.item),
        withdrawn: part.filter((entry) => entry.isWithdrawn).map((entry) => entry.item.id),
      };
      return { status: 200, body: itemDeltaSchema.parse(delta) };
    }
    case '/api/friends/likes/cinema':
      return likes;
    default:
      return { status: 404, body: {} };
  }
}

beforeEach(async () => {
  published = [];
  likes = { status: 200, body: { domain: 'cinema', friends: [{ id: '318', weight: 1, names: ['Ana'] }] } };
  broken = 'nothing';
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    asked.push(url.pathname);
    const { status, body } = answer(url);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A device with a catalog of its own. */
function device({ isKnown = true } = {}) {
  const catalog = new Map<string, string>();
  const state = { isKnown, refusesItems: false };
  let strangers = 0;
  const follower = new Follower('cinema', {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isKnown: () => state.isKnown,
    onStranger: () => strangers++,
    addItems: async (items, withdrawn) => {
      if (state.refusesItems) throw new Error('on purpose');
      for (const { id, title } of items) catalog.set(id, title);
      for (const id of withdrawn) catalog.delete(id);
    },
  });
  const ask = () => follower.ask(new AbortController().signal);
  return { follower, ask, catalog, state, strangers: () => strangers };
}

describe('following what the server shares', () => {
  it('has what all are told, and what friends like, in the form that the engine takes', async () => {
    const { follower, ask } = device();
    expect(follower.live).toBeUndefined();
    expect(await ask()).toBe(false);
    const expected = {
      trending: [{ id: '318', weight: 2 }],
      fresh: [],
      baseRate: 0.1,
      friends: [{ id: '318', weight: 1, names: ['Ana'] }],
    };
    expect(follower.live).toEqual(expected);
    expect(liveSignalsSchema.parse(follower.live)).toEqual(expected);
    expect(asked.toSorted()).toEqual(['/api/friends/likes/cinema', '/api/shared/cinema']);
  });

  it('asks nothing about friends without consent, and forgets them when the server does', async () => {
    const stranger = device({ isKnown: false });
    await stranger.ask();
    expect(asked).toEqual(['/api/shared/cinema']);
    expect(stranger.follower.live).toMatchObject({ friends: [] });

    const forgotten = device();
    await forgotten.ask();
    likes = { status: 403, body: { error: { code: 'CONSENT_REQUIRED', message: 'on purpose' } } };
    await forgotten.ask();
    expect(forgotten.follower.live).toMatchObject({ friends: [], trending: [{ id: '318' }] });
    expect(forgotten.strangers()).toBe(1);
  });

  it('takes in all that was published, part by part, and then only what is new', async () => {
    for (const id of 'abcde') publish(id);
    publish('b', { isWithdrawn: true });
    const { ask, catalog } = device();
    expect(await ask()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a', 'c', 'd', 'e']);
    asked = [];
    expect(await ask()).toBe(false);
    expect(asked).not.toContain('/api/items/cinema');

    publish('c', { title: 'C, corrected' });
    publish('a', { isWithdrawn: true });
    expect(await ask()).toBe(true);
    expect(Object.fromEntries(catalog)).toEqual({ c: 'C, corrected', d: 'd', e: 'e' });
  });

  it('asks again for what the engine could not take in, and for what could not be read', async () => {
    publish('a');
    const { ask, catalog, state } = device();
    state.refusesItems = true;
    expect(await ask()).toBe(false);
    state.refusesItems = false;
    broken = 'items';
    expect(await ask()).toBe(false);
    broken = 'nothing';
    expect(await ask()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a']);
  });

  it('survives a server that lost its store: what it publishes then is new, what comes again is not', async () => {
    publish('a');
    publish('b');
    const { ask, catalog } = device();
    await ask();
    const before = published;
    published = [];
    expect(await ask()).toBe(false);
    published = before;
    expect(await ask()).toBe(false);
    published = [];
    await ask();
    publish('c');
    expect(await ask()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('goes on with what it knows where no answer can be read', async () => {
    const { follower, ask } = device();
    await ask();
    broken = 'everything';
    expect(await ask()).toBe(false);
    expect(follower.live).toMatchObject({ trending: [{ id: '318' }] });
    await new Promise((resolve) => server.close(resolve));
    expect(await ask()).toBe(false);
    expect(follower.live).toMatchObject({ trending: [{ id: '318' }] });
  });
});
