import { randomUUID } from 'node:crypto';
import type { EventBatch, EventKind } from '../lib/contracts/events';
import { mulberry32 } from '../lib/math/random';

/** Visitors who have agreed, by their cookies. */
export async function agreedVisitors(base: string, count: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < count; i++) {
    const answer = await fetch(`${base}/api/me`, { method: 'POST', body: '{"agree":true}' });
    const [cookie] = answer.headers.getSetCookie();
    if (!answer.ok || !cookie) throw new Error(`POST /api/me: ${answer.status} ${await answer.text()}`);
    cookies.push(cookie.split(';', 1)[0]);
  }
  return cookies;
}

/** Out of a hundred events: most of what is shown is only looked at. */
const KINDS: readonly (readonly [EventKind, number])[] = [
  ['impression', 0.8],
  ['view', 0.08],
  ['click', 0.06],
  ['like', 0.05],
  ['share', 0.01],
];

/** Batches as pages send them, all different, drawn with a fixed seed; the ids of the events are new at every call. */
export function batches(domain: string, items: readonly string[], count: number, events: number, seed = 5): string[] {
  const random = mulberry32(seed);
  const kind = (): EventKind => {
    let place = random();
    const drawn = KINDS.find(([, share]) => {
      place -= share;
      return place < 0;
    });
    return (drawn ?? KINDS[0])[0];
  };
  return Array.from({ length: count }, () => {
    const now = Date.now();
    const batch: EventBatch = {
      sent_at: now,
      events: Array.from({ length: events }, (_, slot) => ({
        id: randomUUID(),
        kind: kind(),
        domain,
        item: items[Math.floor(random() ** 2 * items.length)],
        at: now - 1000 * slot,
        slot,
      })),
    };
    return JSON.stringify(batch);
  });
}
