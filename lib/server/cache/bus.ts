import 'server-only';
import type { CacheBusMessage, CreateBusDriverResult } from 'bentocache/types';
import type { Redis } from 'ioredis';
import type { RedisClient } from '../redis';

/** Messages that could not be sent are kept for later, so many at the most. */
const MOST_UNSENT = 10_000;
/** Bentocache's word for "nothing holds any more". */
const CLEAR = 'clear';

type Handler = (message: CacheBusMessage) => void;

/**
 * Tells the other instances' memories what no longer holds, through a Redis channel. Not Bentocache's own transport: that one
 * duplicates the connection for commands, and its subscription would fail for good if Redis were not there at the start.
 *
 * @param publisher stays open when the bus is closed; @param subscriber does not
 * @param namespace of the memory to be emptied whenever messages may have been missed: each time the subscription stands
 */
export function redisBus(publisher: RedisClient, subscriber: Redis, namespace: string): CreateBusDriverResult {
  return {
    options: { retryQueue: { enabled: true, maxSize: MOST_UNSENT } },
    factory: () => {
      let id = '';
      const handlers = new Map<string, Handler>();
      const resenders: (() => void)[] = [];
      subscriber.on('message', (channel: string, text: string) => {
        const message = decode(text);
        if (message && message.sender !== id) handlers.get(channel)?.(message.payload);
      });
      // What was forgotten elsewhere before the subscription stood was not heard of here, the first time too.
      const listen = async () => {
        if (handlers.size === 0) return;
        await subscriber.subscribe(...handlers.keys());
        for (const handle of handlers.values()) handle({ type: CLEAR, keys: [], namespace });
        for (const resend of resenders) resend();
      };
      // A connection that breaks off in the middle is made anew, and tells of it.
      const listenWhileConnected = () => listen().catch(() => undefined);
      subscriber.on('ready', listenWhileConnected);
      const transport = {
        setId(given: string) {
          id = given;
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

/** What another instance sent; undefined for what no instance of this version can have. */
function decode(text: string): { sender: string; payload: CacheBusMessage } | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message?.sender === 'string' && Array.isArray(message.payload?.keys) ? message : undefined;
  } catch {
    return undefined;
  }
}
