import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Service, startRedis } from '../../testing/server/processes';
import { REDIS } from '../../testing/server/stores';
import { Cache } from './cache/cache';
import { RateLimit } from './http/rate-limit';
import { connectRedis, connectSubscriber } from './redis';

const SLOTS = 16_384;

describe.skipIf(!REDIS)('a Redis Cluster', () => {
  let nodes: Service[] = [];

  beforeAll(async () => {
    nodes = await Promise.all([startRedis({ cluster: true }), startRedis({ cluster: true })]);
    const clients = nodes.map(({ url }) => new Redis(url));
    for (const [i, client] of clients.entries()) {
      await client.call('cluster', 'addslotsrange', (i * SLOTS) / 2, ((i + 1) * SLOTS) / 2 - 1);
      // With equal epochs, each of the two nodes would consider the other outdated.
      await client.call('cluster', 'set-config-epoch', i + 1);
    }
    const { hostname, port } = new URL(nodes[1].url);
    const [, busPort] = (await clients[1].call('config', 'get', 'cluster-port')) as string[];
    await clients[0].call('cluster', 'meet', hostname, port, busPort);
    for (const client of clients) {
      await vi.waitUntil(async () => /cluster_state:ok/.test(String(await client.call('cluster', 'info'))), 20_000);
      // A node without a link to the other drops published messages.
      await vi.waitUntil(async () => !/disconnected/.test(String(await client.call('cluster', 'nodes'))), 20_000);
      client.disconnect();
    }
  });
  afterAll(() => Promise.all(nodes.map((node) => node.remove())));

  it('serves cache, bus and rate limits like a single Redis', async () => {
    const urls = nodes.map(({ url }) => url);
    const connect = async () => {
      const connections = { commands: connectRedis(urls), subscriptions: connectSubscriber(urls) };
      await Promise.all(Object.values(connections).map((client) => once(client, 'ready')));
      return connections;
    };
    const [one, other] = [await connect(), await connect()];
    const caches = [one, other].map((connections) => new Cache(connections));
    try {
      const [a, b] = caches;
      // Enough keys for both nodes to store some.
      for (let i = 0; i < 10; i++) {
        await a.get('lists', `${i}`, () => `old ${i}`);
        expect(await b.get('lists', `${i}`, () => 'own')).toBe(`old ${i}`);
        await a.forget('lists', `${i}`);
        await vi.waitUntil(async () => (await b.get('lists', `${i}`, () => 'new')) === 'new', 20_000);
      }
      const limits = [one, other].map(
        ({ commands }) => new RateLimit({ name: 'address', max: 3, seconds: 10, noun: 'requests' }, commands),
      );
      for (const limit of [...limits, limits[0]]) await limit.take('198.51.100.9');
      await expect(limits[1].take('198.51.100.9')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    } finally {
      await Promise.all(caches.map((cache) => cache.close()));
      for (const { commands } of [one, other]) commands.disconnect();
    }
  });

  // The last test: the cluster does not recover from it.
  it('delivers messages through the next node when one goes down', async () => {
    const subscriptions = connectSubscriber(nodes.map(({ url }) => url));
    const publisher = new Redis(nodes[1].url);
    const onMessage = vi.fn();
    subscriptions.on('ready', () => subscriptions.subscribe('news'));
    subscriptions.on('message', onMessage);
    try {
      await vi.waitUntil(
        async () => publisher.publish('news', 'first').then(() => onMessage.mock.calls.length > 0),
        20_000,
      );
      vi.spyOn(console, 'error').mockImplementation(() => {});
      await nodes[0].stop('SIGKILL');
      await vi.waitUntil(async () => (await publisher.publish('news', 'second')) === 1, 20_000);
      await vi.waitUntil(() => onMessage.mock.calls.some(([, text]) => text === 'second'), 20_000);
    } finally {
      subscriptions.disconnect();
      publisher.disconnect();
      vi.restoreAllMocks();
    }
  });
});
