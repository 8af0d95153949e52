import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { buildTinyArtifacts } from '../../../testing/tiny-domain';
import { loadEngineFromFolder } from '../../artifacts/node';
import type { EventKind } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { writeEvents } from '../events/write';
import type { Taste } from '../recommend/history';
import type { OpenStore } from '../store/database';
import { visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';
import { explainUser, readUserData } from './why';

const NOW = Date.UTC(2026, 10, 22, 12);
const USER = 'shop-42';

describe.each(STORES)('the explanation of an API user’s list from $name', ({ open }) => {
  let root: string;
  let engine: Engine;
  let store: OpenStore;
  const cookieVisitor = randomUUID();

  beforeAll(async () => {
    // Before the build: its index library makes PGlite believe that it runs in a browser.
    store = await open();
    root = await buildTinyArtifacts();
    engine = await loadEngineFromFolder(join(root, 'tiny'));
    await store.db.insert(visitor).values([{ id: apiUserId(USER) }, { id: cookieVisitor }]);
    const event = (owner: string, kind: EventKind, item: string, second: number, domain = 'tiny') => ({
      ...{ visitor: owner, id: randomUUID(), domain, item, kind, at: NOW + 1000 * second },
      ...{ list: null, slot: null, source: null, variant: null },
    });
    const id = apiUserId(USER);
    await writeEvents(
      store.db,
      [
        ...['t0', 't2', 't4'].map((item, i) => event(id, 'like', item, i)),
        event(id, 'dislike', 't1', 3),
        event(id, 'not_interested', 't6', 4),
        event(id, 'save', 't8', 5),
        event(id, 'like', 't10', 6),
        event(id, 'retract', 't10', 7),
        event(id, 'impression', 't12', 8),
        event(id, 'like', 'elsewhere', 9, 'other'),
        event(cookieVisitor, 'like', 't3', 0),
      ],
      { halfLifeDays: () => undefined, now: NOW },
    );
  });
  afterAll(async () => {
    await store?.close();
    await rm(root, { recursive: true });
  });

  const taste: Taste = {
    history: [
      { id: 't1', value: -1, timestamp: NOW / 1000 + 3 },
      ...['t4', 't2', 't0'].map((id, i) => ({ id, value: 1, timestamp: NOW / 1000 + 2 - i })),
    ],
    hidden: ['t6', 't1'],
  };
  const why = async (item?: string) => explainUser(engine, await readUserData(store.db, USER, 'tiny'), taste, item);

  it('reports the user’s stored data in the domain', async () => {
    const report = await why();
    expect(report.known).toBe(true);
    expect(report.events).toEqual([
      { name: 'like', count: 4 },
      ...['dislike', 'impression', 'not_interested', 'retract', 'save'].map((name) => ({ name, count: 1 })),
    ]);
    const opinions = report.opinions.map(({ id, value, hidden, saved }) => [id, value, hidden, saved]);
    expect(opinions).toEqual([
      ['t10', 0, false, false],
      ['t6', 0, true, false],
      ['t1', -1, true, false],
      ['t4', 1, false, false],
      ['t2', 1, false, false],
      ['t0', 1, false, false],
      ['t8', 0, false, true],
    ]);
    expect(report.opinions[3].title).toBe(engine.items(['t4'])[0].title);
    expect(report.opinionCount).toBe(7);
  });

  it('gives a list with reasons and terms that add up, without seen and hidden items', async () => {
    const { list, candidates } = await why();
    expect(list).toHaveLength(20);
    expect(candidates).toBeGreaterThanOrEqual(20);
    for (const id of ['t0', 't1', 't2', 't4', 't6']) expect(list.map((one) => one.id)).not.toContain(id);
    for (const { score, terms, reasons } of list) {
      expect(terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 6);
      expect(reasons.length).toBeGreaterThan(0);
    }
  });

  it('reports that an item is seen or hidden', async () => {
    expect((await why('t2')).item).toMatchObject({ place: 'seen', opinion: { value: 1 } });
    expect((await why('t1')).item).toMatchObject({ place: 'hidden', opinion: { value: -1 } });
    expect((await why('t6')).item).toMatchObject({ place: 'hidden', opinion: { value: 0, hidden: true } });
  });

  it('reports the place of an item in the list or below it, with reasons', async () => {
    const { list } = await why();
    const third = (await why(list[2].id)).item!;
    expect(third).toMatchObject({ place: 'listed', rank: 3, score: list[2].score });
    const odd = engine.items(['t3', 't5', 't7', 't9', 't11']).find(({ id }) => !list.some((one) => one.id === id))!;
    for (const id of [odd.id, odd.external.sku]) {
      const item = (await why(id)).item!;
      if (item.place !== 'candidate') throw new Error(`${item.place}, and not a candidate`);
      expect(item.id).toBe(odd.id);
      expect(item.rank).toBeGreaterThan(list.length);
      expect(item.score).toBeLessThan(list[list.length - 1].score);
      expect(item.terms.length).toBeGreaterThan(0);
    }
    // A saved item, which stays in the list as one that was shown does.
    expect(['listed', 'candidate']).toContain((await why('t8')).item!.place);
  });

  it('names the nearest titles for an unknown item', async () => {
    await expect(why('nowhere')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND', field: 'item' });
  });

  it('reads nothing of visitors with a cookie, whatever the user', async () => {
    for (const user of [cookieVisitor, apiUserId(USER), `${cookieVisitor} `, "' or 1 = 1 --"]) {
      expect(await readUserData(store.db, user, 'tiny')).toEqual({ known: false, events: [], opinions: [] });
    }
  });
});
