import { beforeAll, describe, expect, it } from 'vitest';
import { tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY } from '../../../testing/tiny-domain';
import { MODES } from '../../contracts/engine';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Catalog } from '../catalog/catalog';
import { DomainData } from '../catalog/domain-data';
import { NO_LIVE_ROWS, readLiveSignals } from './live-rows';

let catalog: Catalog;
/** Ids of rows 0, 1, 2, … */
let ids: string[];
beforeAll(async () => {
  const { manifest, head, tail } = await tinyParts();
  ({ catalog } = DomainData.open(manifest, head).withTail(tail));
  ids = Array.from({ length: TINY.items }, (_, row) => catalog.id(row));
});

const signals = (changes: Partial<LiveSignals>): LiveSignals => ({
  trending: [],
  friends: [],
  fresh: [],
  baseRate: 0.05,
  ...changes,
});

describe('readLiveSignals', () => {
  it('returns no rows without live signals', () => {
    expect(readLiveSignals(undefined, 'hybrid', catalog)).toBe(NO_LIVE_ROWS);
  });

  it('skips unknown ids and weights of 0', () => {
    const live = signals({
      trending: [
        { id: 'gone', weight: 5 },
        { id: ids[2], weight: 0 },
      ],
      friends: [
        { id: 'gone', weight: 5, names: ['Ana'] },
        { id: ids[2], weight: 0, names: ['Ana'] },
      ],
      fresh: [{ id: 'gone', impressions: 0, clicks: 0 }],
    });
    const { trending, friends, friendNames, fresh } = readLiveSignals(live, 'hybrid', catalog);
    expect([trending.size, friends.size, friendNames.size, fresh.length]).toEqual([0, 0, 0, 0]);
  });

  it('sums the weights of an item that is listed twice, and sorts by weight', () => {
    const { sku } = catalog.summary(7).external;
    const live = signals({
      trending: [
        { id: ids[7], weight: 2 },
        { id: ids[3], weight: 3 },
        { id: sku, weight: 2 },
      ],
      friends: [
        { id: ids[3], weight: 1, names: ['Ana'] },
        { id: ids[7], weight: 1, names: ['Ana'] },
        { id: sku, weight: 1, names: ['Ana', 'Bo'] },
      ],
    });
    const { trending, friends, friendNames } = readLiveSignals(live, 'hybrid', catalog);
    expect([...trending]).toEqual([
      [7, 4],
      [3, 3],
    ]);
    expect([...friends]).toEqual([
      [7, 2],
      [3, 1],
    ]);
    expect(friendNames.get(7)).toEqual(['Ana', 'Bo']);
  });

  it.each(MODES)('reads friends and fresh items in hybrid mode alone: %s', (mode) => {
    const live = signals({
      trending: [{ id: ids[1], weight: 1 }],
      friends: [{ id: ids[2], weight: 1, names: ['Ana'] }],
      fresh: [{ id: ids[3], impressions: 2, clicks: 1 }],
    });
    const { trending, friends, fresh, baseRate } = readLiveSignals(live, mode, catalog);
    expect(trending.size).toBe(1);
    expect(friends.size).toBe(mode === 'hybrid' ? 1 : 0);
    expect(fresh).toEqual(mode === 'hybrid' ? [{ row: 3, id: ids[3], impressions: 2, clicks: 1 }] : []);
    expect(baseRate).toBe(0.05);
  });

  it('has a key that depends on weights and fresh items, but not on impressions', () => {
    const keyOf = (changes: Partial<LiveSignals>) => readLiveSignals(signals(changes), 'hybrid', catalog).key;
    const friend = { id: ids[2], weight: 1, names: ['Ana'] };
    const fresh = { id: ids[3], impressions: 2, clicks: 1 };
    const keys = [
      keyOf({ trending: [{ id: ids[2], weight: 1 }] }),
      keyOf({ trending: [{ id: ids[2], weight: 2 }] }),
      keyOf({ friends: [friend] }),
      keyOf({ friends: [{ ...friend, weight: 2 }] }),
      keyOf({ fresh: [fresh] }),
      keyOf({ fresh: [{ ...fresh, id: ids[4] }] }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf({ fresh: [{ ...fresh, impressions: 3 }] })).toBe(keyOf({ fresh: [fresh] }));
  });
});
