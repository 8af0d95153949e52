import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, tinyParts } from '../../testing/engine/tiny-engine';
import type { RecommendRequest } from '../contracts/engine';
import type { LiveSignals } from '../contracts/live-signals';
import type { Engine } from './engine';

/** New items of alternating taste; the last one is withdrawn. */
const NEW_IDS = ['n0', 'n1', 'n2', 'n3', 'n4'];
const WITHDRAWN = 'n4';

let engine: Engine;
beforeAll(async () => {
  engine = (await tinyParts()).whole();
  engine.addItems(NEW_IDS.map((id, i) => newItem(id, i % 2 ? 'Odd' : 'Even')));
  engine.withdraw([WITHDRAWN]);
});

const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
const liveWith = (fresh: LiveSignals['fresh']): LiveSignals => ({ trending: [], friends: [], fresh, baseRate: 0.05 });
/** Fresh items without impressions. */
const unseen = (...ids: string[]) => ids.map((id) => ({ id, impressions: 0, clicks: 0 }));
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: likes(4, 10),
  topK: 20,
  ...changes,
});

describe('fresh items in a list', () => {
  it('are at the 6th and the 16th place, with their publication as the first reason', () => {
    const { items } = engine.recommend(request({ mode: 'hybrid', live: liveWith(unseen(...NEW_IDS)) }));
    for (const place of [6, 16]) {
      expect(items[place - 1].slot).toBe('fresh');
      expect(items[place - 1].reasons[0]).toEqual({ kind: 'new', publishedAt: 1_700_000_000 });
    }
    expect(items.filter(({ slot }) => slot).length).toBe(2);
  });

  it('vary with the seed, without changing the order of the other items', () => {
    const sampled = new Set<string>();
    const live = liveWith(unseen(...NEW_IDS));
    const others = (seed: number) => {
      const { items } = engine.recommend(request({ live, seed }));
      sampled.add(items.find(({ slot }) => slot === 'fresh')!.id);
      return items.filter(({ slot }) => !slot).map((item) => item.id);
    };
    const first = others(0);
    for (let seed = 1; seed < 40; seed++) expect(others(seed)).toEqual(first);
    expect(sampled.size).toBeGreaterThan(1);
    expect(sampled).not.toContain(WITHDRAWN);
  });

  it('are sampled more often the more clicks they have and the better they fit the user’s taste', () => {
    const timesFirst = (signals: LiveSignals) => {
      const times: Record<string, number> = { n0: 0, n1: 0 };
      for (let seed = 0; seed < 200; seed++)
        times[engine.recommend(request({ live: signals, seed, history: likes(4, 10, 16) })).items[5].id]++;
      return times;
    };
    // The history and n0 are of the same taste.
    const even = timesFirst(liveWith(unseen('n0', 'n1')));
    expect(even.n0).toBeGreaterThan(even.n1);
    expect(even.n1).toBeGreaterThan(0);
    const liked = timesFirst(
      liveWith([
        { id: 'n0', impressions: 20, clicks: 0 },
        { id: 'n1', impressions: 20, clicks: 2 },
      ]),
    );
    expect(liked.n1).toBeGreaterThan(even.n1);
  });

  it('have no reserved places any more once their first audience is over', () => {
    const over = liveWith([
      { id: 'n0', impressions: 40, clicks: 0 },
      { id: 'n2', impressions: 50, clicks: 10 },
    ]);
    expect(engine.recommend(request({ live: over })).items).toEqual(engine.recommend(request()).items);
  });

  it('are limited to the candidates of a request', () => {
    const candidates = Array.from({ length: 20 }, (_, n) => `t${20 + n}`);
    const given = request({ candidates, live: liveWith(unseen('n0')) });
    expect(engine.recommend(given).items.map((item) => item.id)).not.toContain('n0');
    const named = engine.recommend({ ...given, topK: 10, candidates: [...candidates, 'n0'] }).items;
    expect(named.map((item) => item.id)).toContain('n0');
  });
});
