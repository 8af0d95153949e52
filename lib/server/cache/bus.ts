import 'server-only';
import type { CacheBusMessage, CreateBusDriverResult } from 'bentocache/types';
import type { Redis } from 'ioredis';
import type { RedisClient } from '../redis';

/** Messages that could not be sent are queued for later, up to this many. */
const MAX_UNSENT = 10_000;
/** Bentocache's message type for emptying a whole memory. */
const CLEAR = 'clear';

type Handler = (message: CacheBusMessage) => void;

/**
 * Invalidates entries in the memories of the other instances through a Redis channel. It replaces Bentocache's own
 * transport, which duplicates the connection for commands, and whose subscription fails for good when Redis is down at
 * the start.
 *
 * @param publisher stays open when the bus is closed
 * @param subscriber is closed with the bus
 * @param namespace of the memory to clear whenever messages may have been missed: each time the subscription is made
 */
export function redisBus(publisher: RedisClient, subscriber: Redis, namespace: string): CreateBusDriverResult {
  return {
    options: { retryQueue: { enabled: true, maxSize: MAX_UNSENT } },
    factory: () => {
      let id = '';
      const handlers = new Map<string, Handler>();
      const resenders: (() => void)[] = [];
      subscriber.on('message', (channel: string, text: string) => {
        const message = decode(text);
        if (message && message.sender !== id) handlers.get(channel)?.(message.payload);
      });
      // Messages from before the subscription were missed, the first time too, so the memory is cleared.
      const listen = async () => {
        if (handlers.size === 0) return;
        await subscriber.subscribe(...handlers.keys());
        for (const handle of handlers.values()) handle({ type: CLEAR, keys: [], namespace });
        for (const resend of resenders) resend();
      };
      // When the connection breaks during this, ioredis reconnects and emits `ready` again.
      const listenWhileConnected = () => listen().catch(() => undefined);
      subscriber.on('ready', listenWhileConnected);
      const transport = {
        setId(ownId: string) {
          id = ownId;
          return transport;
        },
        onReconnect(resend: () => void) {
          resenders.push(resend);
        },
        async publish(channel: string, payload: unknown) {
          await publisher.publish(channel, JSON.stringify({ sender: id, payload }));
        },
        async subscribe(channel: string, handler: unknown) {
          handlers.set(channel, handler as Handler);
          if (subscriber.status === 'ready') await listenWhileConnected();
        },
        async unsubscribe(channel: string) {
          handlers.delete(channel);
          await subscriber.unsubscribe(channel);
        },
        async disconnect() {
          subscriber.disconnect();
        },
      };
      return transport;
    },
  };
}

/** A message of another instance; undefined for anything that no instance of this version sends. */
function decode(text: string): { sender: string; payload: CacheBusMessage } | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message?.sender === 'string' && Array.isArray(message.payload?.keys) ? message : undefined;
  } catch {
    return undefined;
  }
}
