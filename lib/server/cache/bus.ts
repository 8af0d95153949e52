import 'server-only';
import type { CacheBusMessage, CreateBusDriverResult } from 'bentocache/types';
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
 * @param namespace of the memory to be emptied whenever messages may have been missed: at each connection but the first
 */
export function redisBus(publisher: RedisClient, subscriber: RedisClient, namespace: string): CreateBusDriverResult {
  return {
    options: { retryQueue: { enabled: true, maxSize: MOST_UNSENT } },
    factory: () => {
      let id = '';
      const handlers = new Map<string, Handler>();
      const resenders: (() => void)[] = [];
      let connections = 0;
      subscriber.on('message', (channel: string, text: string) => {
        const message = decode(text);
        if (message && message.sender !== id) handlers.get(channel)?.(message.payload);
      });
      subscriber.on('ready', () => {
        if (connections++ === 0) return;
        for (const handle of handlers.values()) handle({ type: CLEAR, keys: [], namespace });
        for (const resend of resenders) resend();
      });
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
          // Rejects only where the connection was closed before it ever stood.
          await subscriber.subscribe(channel).catch(() => undefined);
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
