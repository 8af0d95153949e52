import { randomUUID } from 'node:crypto';
import type { EventBatch, EventKind } from '../lib/contracts/events';
import { mulberry32 } from '../lib/math/random';

/** Creates visitors who agreed to events. @returns their cookies */
export async function agreedVisitors(base: string, count: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < count; i++) {
    const response = await fetch(`${base}/api/me`, { method: 'POST', body: '{"agree":true}' });
    const [cookie] = response.headers.getSetCookie();
    if (!response.ok || !cookie) throw new Error(`POST /api/me: ${response.status} ${await response.text()}`);
    cookies.push(cookie.split(';', 1)[0]);
  }
  return cookies;
}

/** Shares of the kinds of events: most shown items are only seen. */
const KINDS: readonly (readonly [EventKind, number])[] = [
  ['impression', 0.8],
  ['view', 0.08],
  ['click', 0.06],
  ['like', 0.05],
  ['share', 0.01],
];

/** Samples batches of events as pages send them. The ids of events are new at every call. */
export function batches(domain: string, items: readonly string[], count: number, events: number, seed = 5): string[] {
  const random = mulberry32(seed);
  const kind = (): EventKind => {
    let place = random();
    const sampled = KINDS.find(([, share]) => {
      place -= share;
      return place < 0;
    });
    return (sampled ?? KINDS[0])[0];
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
