// Writes events to the store in a folder and prints the id of each accepted event, until the process is killed.
import { randomUUID } from 'node:crypto';
import { acceptEvents } from '../../lib/server/events/accept';
import { ensureVisitor } from '../../lib/server/visitors/identity';

const DOMAIN = 'courses';
const [, , visitor, ...items] = process.argv;
await ensureVisitor(visitor);

/** Concurrent writers, each with one batch in flight. */
const WRITERS = 8;
await Promise.all(
  Array.from({ length: WRITERS }, async () => {
    for (let i = 0; ; i++) {
      const at = Date.now();
      const ids = [randomUUID(), randomUUID()];
      const events = ids.map((id) => ({
        id,
        kind: 'like' as const,
        domain: DOMAIN,
        item: items[i % items.length],
        at,
      }));
      await acceptEvents(visitor, { sent_at: at, events });
      process.stdout.write(`${ids.join('\n')}\n`);
    }
  }),
);
