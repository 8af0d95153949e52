import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { EXPORT_KINDS, type ExportKind } from '../../contracts/admin';
import { newItemSchema } from '../../contracts/live-signals';
import { writeEvents } from '../events/write';
import { publish, withdraw } from '../items/new-items';
import type { OpenStore } from '../store/database';
import { visitor } from '../store/schema';
import { exportKey, exportPage } from './export';

const NOW = Date.UTC(2026, 10, 22, 12);
const SAME_ID = randomUUID();

describe.each(STORES)('exporting from $name', ({ open }) => {
  let store: OpenStore;
  let key: string;
  const visitors = Array.from({ length: 7 }, () => randomUUID());
  const items = ['a', 'ä', 'B', 'b', 'z', '"quoted"', 'ω'].map((id) => newItemSchema.parse({ id, title: `The ${id}` }));

  beforeAll(async () => {
    store = await open();
    key = await exportKey(store.db);
    await store.db.insert(visitor).values(visitors.map((id) => ({ id })));
    // Two events per visitor, one of them with the same id for all; one transaction gives all the same time of receipt.
    const events = visitors.flatMap((visitor) =>
      [SAME_ID, randomUUID()].map((id, i) => ({
        ...{ visitor, id, domain: 'cinema', item: items[i].id, kind: 'like' as const, at: NOW },
        ...{ list: null, slot: i, source: 'latent', variant: null },
      })),
    );
    await writeEvents(store.db, events, { halfLifeDays: () => undefined, now: NOW });
    await publish(store.db, 'cinema', items);
    await publish(store.db, 'music', items.slice(0, 2));
    await withdraw(store.db, 'cinema', 'z');
  });
  afterAll(() => store?.close());

  const options = (limit?: number) => ({ key, now: NOW, pace: () => undefined, limit });
  async function pages(what: ExportKind, limit?: number) {
    const found = [];
    let after: string | undefined;
    do {
      const page = await exportPage(store.db, what, after, options(limit));
      found.push(page);
      after = page.after ?? undefined;
    } while (after !== undefined);
    return found;
  }
  const all = async (what: ExportKind, limit?: number) => (await pages(what, limit)).flatMap(({ rows }) => rows);

  it.each(EXPORT_KINDS)('exports each of the %s once, for any size of pages', async (what) => {
    const whole = await all(what);
    expect(whole.length).toBe({ events: 14, items: 8, trends: 8 }[what]);
    for (const limit of [1, 2, 3, 7]) expect(await all(what, limit)).toEqual(whole);
  });

  it('has no visitor id in rows or cursors, and one pseudonym per visitor', async () => {
    const found = await pages('events', 3);
    for (const page of found) {
      const cursor = Buffer.from(page.after ?? '', 'base64url').toString();
      for (const id of visitors) expect(JSON.stringify(page) + cursor).not.toContain(id);
    }
    const pseudonyms = found.flatMap(({ rows }) => rows.map(({ visitor }) => visitor as string));
    expect(new Set(pseudonyms).size).toBe(visitors.length);
    for (const pseudonym of pseudonyms) expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
    const again = await all('events');
    expect(again.map(({ visitor }) => visitor)).toEqual(pseudonyms);
  });

  it('has other pseudonyms under another key, and one key per store', async () => {
    expect(await exportKey(store.db)).toBe(key);
    const { rows } = await exportPage(store.db, 'events', undefined, { ...options(), key: '0'.repeat(64) });
    const pseudonyms = new Set((await all('events')).map(({ visitor }) => visitor));
    for (const { visitor } of rows) expect(pseudonyms.has(visitor)).toBe(false);
  });

  it('exports items in the form of the import, without withdrawn ones', async () => {
    const found = await all('items', 3);
    const ofCinema = found.filter(({ domain }) => domain === 'cinema');
    const remaining = items.filter(({ id }) => id !== 'z');
    expect(new Set(ofCinema.map(({ id }) => id))).toEqual(new Set(remaining.map(({ id }) => id)));
    for (const { domain, ...item } of found) expect(items).toContainEqual(newItemSchema.parse(item));
  });

  it('exports current weights: half of them after one half-life', async () => {
    const now = (await all('trends')).find(({ window, item }) => window === 'day' && item === 'a')!;
    expect(now.weight).toBeCloseTo(7 * 3, 3);
    const later = await exportPage(store.db, 'trends', undefined, { ...options(), now: NOW + 12 * 3600 * 1000 });
    const then = later.rows.find(({ window, item }) => window === 'day' && item === 'a')!;
    expect(then.weight).toBeCloseTo(7 * 1.5, 3);
  });

  it('refuses a cursor that is not from a page', async () => {
    const cursor = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const wrong = [
      'x',
      cursor(null),
      cursor(['cinema']),
      cursor(['2026-02-30T00:00:00.000000Z', SAME_ID, '0'.repeat(32)]),
      cursor(['0000-01-01T00:00:00.000000Z', SAME_ID, '0'.repeat(32)]),
      cursor(["2026-01-01'; drop table event", SAME_ID, '0'.repeat(32)]),
      cursor(['2026-01-01T00:00:00.000000Z', visitors[0], 'no']),
    ];
    for (const after of wrong) {
      await expect(exportPage(store.db, 'events', after, options())).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        field: 'after',
      });
    }
    for (const what of ['items', 'trends'] as const) {
      await expect(exportPage(store.db, what, cursor(['a\u0000', 'day', 'b']), options())).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
      });
    }
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...EXPORT_KINDS), fc.array(text, { maxLength: 3 }), async (what, parts) => {
        const result = await exportPage(store.db, what, cursor(parts), options()).catch((error) => error);
        expect(result.code ?? 'INVALID_REQUEST').toBe('INVALID_REQUEST');
      }),
      { numRuns: 100 },
    );
  });
});
