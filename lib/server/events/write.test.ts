import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { EVENT_WEIGHTS, type EventKind } from '../../contracts/events';
import type { OpenStore } from '../store/database';
import { rows } from '../store/rows';
import { opinion, trend, visitor } from '../store/schema';
import { weightNow } from '../trends/decay';
import { halfLife } from '../trends/half-lives';
import { type AcceptedEvent, writeEvents } from './write';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * 3600 * 1000;

describe.each(STORES)('writing events to $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const newVisitor = async (profile: Partial<typeof visitor.$inferInsert> = {}) => {
    const id = randomUUID();
    await store.db.insert(visitor).values({ id, ...profile });
    return id;
  };
  const event = (visitor: string, kind: EventKind, item: string, more: Partial<AcceptedEvent> = {}): AcceptedEvent => ({
    visitor,
    id: randomUUID(),
    domain: 'cinema',
    item,
    kind,
    at: NOW,
    list: null,
    slot: null,
    source: null,
    variant: null,
    diversity: null,
    ...more,
  });
  const write = (events: AcceptedEvent[], now = NOW) =>
    writeEvents(store.db, events, { halfLifeDays: () => undefined, now });
  const weightOf = async (item: string, window: 'popular' | 'day' = 'popular', now = NOW) => {
    const found = await rows<{ log: number }>(
      store.db,
      sql`select log_weight as log from trend where item = ${item} and window_name = ${window} and domain = 'cinema'`,
    );
    return found.length === 0 ? 0 : weightNow(found[0].log, now, halfLife(window));
  };
  const audienceOf = async (item: string) =>
    (await rows(store.db, sql`select impressions, clicks from audience where item = ${item}`))[0];

  it('counts an event once, however often and with whatever others it is sent', async () => {
    const like = event(await newVisitor(), 'like', 'once');
    const others = [event(like.visitor, 'impression', 'once'), event(like.visitor, 'view', 'elsewhere')];
    expect((await write([like])).size).toBe(1);
    for (let i = 0; i < 9; i++) await write([like, others[0], like]);
    expect((await write([like, ...others])).size).toBe(1);
    expect(await weightOf('once')).toBeCloseTo(3, 6);
    expect(await audienceOf('once')).toEqual({ impressions: 1, clicks: 1 });
  });

  it('gives each visitor one daily vote for an item, of the highest weight of the day', async () => {
    const [a, b] = [await newVisitor(), await newVisitor()];
    await write([event(a, 'view', 'vote'), event(a, 'click', 'vote')]);
    expect(await weightOf('vote')).toBeCloseTo(2, 6);
    await write([event(a, 'view', 'vote')]);
    await write([event(a, 'like', 'vote'), event(b, 'share', 'vote')]);
    expect(await weightOf('vote')).toBeCloseTo(3 + 5, 6);
    // Dated back or sent again on the same day, it is the same vote.
    await write([event(a, 'like', 'vote', { at: NOW - 3 * DAY_MS })]);
    expect(await weightOf('vote')).toBeCloseTo(8, 6);
    await write([event(a, 'like', 'vote', { at: NOW + DAY_MS })], NOW + DAY_MS);
    expect(await weightOf('vote', 'popular', NOW + DAY_MS)).toBeCloseTo(8 * 2 ** (-1 / 7) + 3, 6);
  });

  it('halves a weight in a half-life, with other events in between', async () => {
    await write([event(await newVisitor(), 'share', 'decay', { at: NOW - halfLife('day') })]);
    expect(await weightOf('decay', 'day')).toBeCloseTo(2.5, 6);
    await write([event(await newVisitor(), 'view', 'decay')]);
    expect(await weightOf('decay', 'day')).toBeCloseTo(3.5, 6);
    expect(await weightOf('decay', 'day', NOW + halfLife('day'))).toBeCloseTo(1.75, 6);
  });

  it('adds up to the sum of the decayed weights, in whatever groups and order events arrive', async () => {
    const kinds = fc.constantFrom<EventKind>('view', 'click', 'like', 'share');
    const vote = fc.record({ kind: kinds, age: fc.integer({ min: 0, max: 400 * DAY_MS }), group: fc.nat(2) });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(vote, { minLength: 1, maxLength: 12 }), async (votes) => {
        const item = `sum ${run++}`;
        const groups: AcceptedEvent[][] = [[], [], []];
        for (const { kind, age, group } of votes) {
          groups[group].push(event(await newVisitor(), kind, item, { at: NOW - age }));
        }
        for (const group of groups) await write(group);
        for (const window of ['popular', 'day'] as const) {
          const naive = votes.reduce(
            (sum, { kind, age }) => sum + EVENT_WEIGHTS[kind] * 2 ** (-age / halfLife(window)),
            0,
          );
          expect(Math.abs((await weightOf(item, window)) - naive)).toBeLessThanOrEqual(1e-6 * naive);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('loses no count when 64 visitors write about one item at the same time', async () => {
    const visitors = await Promise.all(Array.from({ length: 64 }, () => newVisitor()));
    await Promise.all(visitors.map((id) => write([event(id, 'impression', 'busy'), event(id, 'like', 'busy')])));
    expect(await weightOf('busy')).toBeCloseTo(64 * 3, 4);
    expect(await audienceOf('busy')).toEqual({ impressions: 64, clicks: 64 });
  });

  it('ignores events of unknown visitors', async () => {
    const [known, stranger] = [await newVisitor(), randomUUID()];
    const written = await write([event(known, 'like', 'known'), event(stranger, 'like', 'known')]);
    expect(written.size).toBe(1);
    expect(await weightOf('known')).toBeCloseTo(3, 6);
  });

  it('keeps the latest opinion on an item, in whatever order the events arrive', async () => {
    const id = await newVisitor();
    const opinions = async () =>
      (await store.db.select().from(opinion).where(sql`visitor = ${id}`)).map(({ value, hidden, saved }) => ({
        value,
        hidden,
        saved,
      }));
    await write([event(id, 'dislike', 'word', { at: NOW + 5 }), event(id, 'like', 'word', { at: NOW })]);
    expect(await opinions()).toEqual([{ value: -1, hidden: true, saved: false }]);
    await write([event(id, 'like', 'word', { at: NOW + 1 })]);
    expect(await opinions()).toEqual([{ value: -1, hidden: true, saved: false }]);
    await write([event(id, 'save', 'word'), event(id, 'retract', 'word', { at: NOW + 9 })]);
    expect(await opinions()).toEqual([{ value: 0, hidden: false, saved: true }]);
  });

  it('counts by the visitor’s segments', async () => {
    const id = await newVisitor({ language: 'nl', ageBand: '25–34' });
    await write([event(id, 'like', 'segment')]);
    const found = await rows<{ segment: string }>(
      store.db,
      sql`select segment from segment_trend where item = 'segment' order by segment`,
    );
    expect(found.map(({ segment }) => segment)).toEqual(['age:25–34', 'language:nl']);
  });

  it('deletes everything of an erased visitor, and keeps the counts', async () => {
    const id = await newVisitor();
    await write([event(id, 'like', 'erased')]);
    await write([event(id, 'impression', 'erased', { list: randomUUID(), variant: 'e:a,f:b', diversity: 0.5 })]);
    await store.db.delete(visitor).where(sql`id = ${id}`);
    for (const table of ['event', 'daily_vote', 'opinion', 'exposure']) {
      const [{ count }] = await rows<{ count: string }>(
        store.db,
        sql`select count(*) from ${sql.raw(table)} where visitor = ${id}`,
      );
      expect(Number(count), table).toBe(0);
    }
    expect(await weightOf('erased')).toBeCloseTo(3, 6);
    expect((await write([event(id, 'like', 'erased')])).size).toBe(0);
  });

  it('writes nothing if a part of it fails', async () => {
    const id = await newVisitor();
    await expect(write([event(id, 'like', 'broken'), event(id, 'like', 'broken', { slot: 1e6 })])).rejects.toThrow();
    expect(await store.db.select().from(trend).where(sql`item = 'broken'`)).toEqual([]);
  });
});
