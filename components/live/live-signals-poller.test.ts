import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemDeltaSchema, liveSignalsSchema, type PublishedItem } from '../../lib/contracts/live-signals';
import { LiveSignalsPoller } from './live-signals-poller';

/** The routes that a poller calls; a page of a delta has two revisions. */
let server: Server;
let published: { revision: number; item: PublishedItem; isWithdrawn: boolean }[];
let likes: { status: number; body: unknown };
let broken: 'nothing' | 'everything' | 'items';
let requests: string[];

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

function respond(url: URL): { status: number; body: unknown } {
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
  requests = [];
  server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    requests.push(url.pathname);
    const { status, body } = respond(url);
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A device with a catalog. */
function device({ hasConsent = true } = {}) {
  const catalog = new Map<string, string>();
  const state = { hasConsent, refusesItems: false };
  let refusals = 0;
  const poller = new LiveSignalsPoller('cinema', {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hasConsent: () => state.hasConsent,
    onUnknownVisitor: () => refusals++,
    addItems: async (items, withdrawn) => {
      if (state.refusesItems) throw new Error('on purpose');
      for (const { id, title } of items) catalog.set(id, title);
      for (const id of withdrawn) catalog.delete(id);
    },
  });
  const poll = () => poller.poll(new AbortController().signal);
  return { poller, poll, catalog, state, refusals: () => refusals };
}

describe('the poller of live signals', () => {
  it('has the signals for all devices and the likes of friends, in the form that the engine takes', async () => {
    const { poller, poll } = device();
    expect(poller.live).toBeUndefined();
    expect(await poll()).toBe(false);
    const expected = {
      trending: [{ id: '318', weight: 2 }],
      fresh: [],
      baseRate: 0.1,
      friends: [{ id: '318', weight: 1, names: ['Ana'] }],
    };
    expect(poller.live).toEqual(expected);
    expect(liveSignalsSchema.parse(poller.live)).toEqual(expected);
    expect(requests.toSorted()).toEqual(['/api/friends/likes/cinema', '/api/shared/cinema']);
  });

  it('does not ask about friends without consent, and forgets them when the server does', async () => {
    const withoutConsent = device({ hasConsent: false });
    await withoutConsent.poll();
    expect(requests).toEqual(['/api/shared/cinema']);
    expect(withoutConsent.poller.live).toMatchObject({ friends: [] });

    const forgotten = device();
    await forgotten.poll();
    likes = { status: 403, body: { error: { code: 'CONSENT_REQUIRED', message: 'on purpose' } } };
    await forgotten.poll();
    expect(forgotten.poller.live).toMatchObject({ friends: [], trending: [{ id: '318' }] });
    expect(forgotten.refusals()).toBe(1);
  });

  it('adds all published items, page by page, and then only new ones', async () => {
    for (const id of 'abcde') publish(id);
    publish('b', { isWithdrawn: true });
    const { poll, catalog } = device();
    expect(await poll()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a', 'c', 'd', 'e']);
    requests = [];
    expect(await poll()).toBe(false);
    expect(requests).not.toContain('/api/items/cinema');

    publish('c', { title: 'C, corrected' });
    publish('a', { isWithdrawn: true });
    expect(await poll()).toBe(true);
    expect(Object.fromEntries(catalog)).toEqual({ c: 'C, corrected', d: 'd', e: 'e' });
  });

  it('asks again for items that the engine refused, and after a response that cannot be parsed', async () => {
    publish('a');
    const { poll, catalog, state } = device();
    state.refusesItems = true;
    expect(await poll()).toBe(false);
    state.refusesItems = false;
    broken = 'items';
    expect(await poll()).toBe(false);
    broken = 'nothing';
    expect(await poll()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a']);
  });

  it('copes with a server that lost its store: items published after that are new, repeated ones are not', async () => {
    publish('a');
    publish('b');
    const { poll, catalog } = device();
    await poll();
    const before = published;
    published = [];
    expect(await poll()).toBe(false);
    published = before;
    expect(await poll()).toBe(false);
    published = [];
    await poll();
    publish('c');
    expect(await poll()).toBe(true);
    expect([...catalog.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('keeps its signals where no response can be parsed', async () => {
    const { poller, poll } = device();
    await poll();
    broken = 'everything';
    expect(await poll()).toBe(false);
    expect(poller.live).toMatchObject({ trending: [{ id: '318' }] });
    await new Promise((resolve) => server.close(resolve));
    expect(await poll()).toBe(false);
    expect(poller.live).toMatchObject({ trending: [{ id: '318' }] });
  });
});
