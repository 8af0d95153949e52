import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventKind } from '../../contracts/events';
import type { Experiment } from '../../contracts/experiments';
import { type AcceptedEvent, writeEvents } from '../events/write';
import type { OpenStore } from '../store/database';
import { visitor } from '../store/schema';
import { STORES } from '../testing/stores';
import { experimentResults } from './results';

const NOW = Date.UTC(2026, 10, 22);

const EXPERIMENT: Experiment = {
  id: 'trial',
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

  /** A visitor who is shown ten items in one list, and does something with some of them. */
  async function visit(
    variant: string,
    { clicks, likes, diversity }: Record<'clicks' | 'likes' | 'diversity', number>,
  ) {
    const id = randomUUID();
    const list = randomUUID();
    await store.db.insert(visitor).values({ id });
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
      variant: `trial:${variant}`,
      diversity,
    });
    const of = (kind: EventKind, count: number) => Array.from({ length: count }, (_, i) => event(kind, i));
    const events = [...of('impression', 10), ...of('click', clicks), ...of('like', likes)];
    await writeEvents(store.db, events, { pace: () => undefined, now: NOW });
    await writeEvents(store.db, [...events, event('impression', 3)], { pace: () => undefined, now: NOW });
  }

  it('counts visitors as units, lists once, and events for the list they came from', async () => {
    for (let i = 0; i < 40; i++) {
      await visit('old', { clicks: i % 2, likes: 0, diversity: 0.4 });
      await visit('new', { clicks: 2 + (i % 2), likes: 1, diversity: 0.6 });
    }
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

  it('says nothing of an experiment that nobody met', async () => {
    const results = await experimentResults(store.db, { ...EXPERIMENT, id: 'unmet' });
    expect(results.map(({ visitors, against }) => [visitors, against.likes])).toEqual([
      [0, null],
      [0, null],
    ]);
  });
});
