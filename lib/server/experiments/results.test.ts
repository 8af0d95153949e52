import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import type { EventKind } from '../../contracts/events';
import type { Experiment } from '../../contracts/experiments';
import { type AcceptedEvent, writeEvents } from '../events/write';
import type { OpenStore } from '../store/database';
import { visitor } from '../store/schema';
import { experimentResults } from './results';

const NOW = Date.UTC(2026, 10, 22);

const EXPERIMENT: Experiment = {
  id: 'test',
  question: '',
  variants: [
    { id: 'old', share: 0.5, settings: {} },
    { id: 'new', share: 0.5, settings: {} },
  ],
};

describe.each(STORES)('the results of an experiment on $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  /** Events of a visitor with ten impressions in one list, some clicks and likes, and one repeated impression. */
  function eventsOf(
    id: string,
    variant: string,
    { clicks, likes, diversity }: Record<'clicks' | 'likes' | 'diversity', number>,
  ): AcceptedEvent[] {
    const list = randomUUID();
    const event = (kind: EventKind, i: number): AcceptedEvent => ({
      visitor: id,
      id: randomUUID(),
      domain: 'cinema',
      item: `item-${i}`,
      kind,
      at: NOW,
      list,
      slot: i,
      source: null,
      variant: `test:${variant}`,
      diversity,
    });
    const of = (kind: EventKind, count: number) => Array.from({ length: count }, (_, i) => event(kind, i));
    return [...of('impression', 10), ...of('click', clicks), ...of('like', likes), event('impression', 3)];
  }

  it('count visitors as units, each list once, and events for their list', async () => {
    const visitors = Array.from({ length: 80 }, () => randomUUID());
    await store.db.insert(visitor).values(visitors.map((id) => ({ id })));
    const events = visitors.flatMap((id, i) =>
      i < 40
        ? eventsOf(id, 'old', { clicks: i % 2, likes: 0, diversity: 0.4 })
        : eventsOf(id, 'new', { clicks: 2 + (i % 2), likes: 1, diversity: 0.6 }),
    );
    // Some events are sent twice, as after a lost response.
    await writeEvents(store.db, events.slice(0, 500), { halfLifeDays: () => undefined, now: NOW });
    await writeEvents(store.db, events, { halfLifeDays: () => undefined, now: NOW });
    const [old, fresh] = await experimentResults(store.db, EXPERIMENT);
    expect(old).toMatchObject({ variant: 'old', visitors: 40, lists: 40 });
    expect(old.samples.clickThrough.mean).toBeCloseTo(0.05, 9);
    expect(fresh.samples.clickThrough.mean).toBeCloseTo(0.25, 9);
    expect(fresh.samples.likes.mean).toBeCloseTo(1, 9);
    expect(fresh.samples.diversity.mean).toBeCloseTo(0.6, 9);
    expect(old.against.clickThrough).toBeNull();
    const { difference, low, high } = fresh.against.clickThrough!;
    expect(difference).toBeCloseTo(0.2, 9);
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.3);
  });

  it('are empty for an experiment without exposures', async () => {
    const results = await experimentResults(store.db, { ...EXPERIMENT, id: 'unmet' });
    expect(results.map(({ visitors, against }) => [visitors, against.likes])).toEqual([
      [0, null],
      [0, null],
    ]);
  });
});
