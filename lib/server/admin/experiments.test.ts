import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { EXPERIMENTS } from '../../contracts/experiments';
import type { OpenStore } from '../store/database';
import { exposure, visitor } from '../store/schema';
import { reportExperiments } from './experiments';

describe.each(STORES)('the report of the experiments on $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  it('reports definition and results of each variant, without visitor ids', async () => {
    const [experiment] = EXPERIMENTS;
    const visitors = Array.from({ length: 80 }, () => randomUUID());
    await store.db.insert(visitor).values(visitors.map((id) => ({ id })));
    const exposures = visitors.map((visitor, i): typeof exposure.$inferInsert => ({
      ...{ visitor, experiment: experiment.id, variant: experiment.variants[i % 2].id, at: new Date() },
      ...{ list: randomUUID(), diversity: 0.3 + 0.4 * (i % 2) + 0.001 * i },
    }));
    await store.db.insert(exposure).values(exposures);
    const reports = await reportExperiments(store.db, EXPERIMENTS);
    expect(reports.map(({ id, question }) => [id, question])).toEqual(
      EXPERIMENTS.map(({ id, question }) => [id, question]),
    );
    const [first, second] = reports[0].variants;
    expect(first).toMatchObject({ ...experiment.variants[0], visitors: 40, lists: 40 });
    expect(first.against).toEqual({ clickThrough: null, likes: null, diversity: null });
    expect(second).toMatchObject({ ...experiment.variants[1], visitors: 40 });
    expect(second.means.diversity.visitors).toBe(40);
    expect(second.against.diversity!.low).toBeGreaterThan(0);
    // Lists without impressions have no click-through.
    expect(second.means.clickThrough.visitors).toBe(0);
    expect(second.against.clickThrough).toBeNull();
    for (const id of visitors) expect(JSON.stringify(reports)).not.toContain(id);
  });
});
