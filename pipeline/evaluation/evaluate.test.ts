import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../lib/engine/engine';
import { writeItemTower } from '../../lib/format/item-tower';
import { writeLatent } from '../../lib/format/latent';
import { writeNeighbours } from '../../lib/format/neighbours';
import { TINY, writeTinyDomain } from '../../testing/tiny-domain';
import { type DomainFolder, readDomainFolder } from '../domain-folder/read';
import { silentProgress } from '../io/progress';
import { ndcg } from '../metrics/ranking-metrics';
import { trainEngine } from '../train/train-engine';
import { CONTENT, HYBRID, LENGTHS, POPULAR, ROWS } from './compared-recommenders';
import { evaluate } from './evaluate';
import { type CatalogFacts, cutHistory, measureRow } from './measure';
import { type Evaluation, evaluationSchema } from './schema';
import { type Split, splitUsers } from './split';
import { formatEvaluation } from './table';

const training = { seed: 3, threads: 1, progress: silentProgress };
const options = { ...training, on: 'test', cold: true, defaultDiversity: 0.2 } as const;

let root: string;
let folder: DomainFolder;
let evaluation: Evaluation;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inkpick-evaluation-'));
  await writeTinyDomain(root);
  folder = await readDomainFolder(root);
  evaluation = await evaluate(folder, options);
});
afterAll(() => rm(root, { recursive: true }));

describe('evaluate', () => {
  it('measures every row at every length', () => {
    expect(evaluation.quality.map(({ length }) => length)).toEqual([...LENGTHS]);
    for (const { users, rows, differences } of evaluation.quality) {
      expect(users).toBe(TINY.users / 10);
      expect(rows.map(({ name }) => name)).toEqual(ROWS.map(({ name }) => name));
      expect(differences).toHaveLength(2 * (ROWS.length - 1));
      expect(differences.filter(({ isBestSignal }) => isBestSignal)).toHaveLength(2);
    }
  });

  it('ranks hybrid above popular on a catalog where taste decides', () => {
    const whole = evaluation.quality.find(({ length }) => length === null)!;
    const mean = (name: string) => whole.rows.find((row) => row.name === name)!.metrics.ndcg10.mean;
    expect(mean(HYBRID.name)).toBeGreaterThan(mean(POPULAR.name));
    const { metrics } = whole.rows.find(({ name }) => name === HYBRID.name)!;
    // This whole catalog fits into the candidate stage.
    expect(metrics.recall1000.mean).toBe(1);
    for (const { low, mean: middle, high } of Object.values(metrics)) {
      expect(low).toBeLessThanOrEqual(middle);
      expect(high).toBeGreaterThanOrEqual(middle);
    }
  });

  it('computes differences from the rows of its own tables', () => {
    for (const { rows, differences } of evaluation.quality) {
      const mean = (name: string, metric: 'ndcg10' | 'ndcg100' | 'recall20') =>
        rows.find((row) => row.name === name)!.metrics[metric].mean;
      for (const { metric, against, mean: difference } of differences) {
        expect(difference).toBeCloseTo(mean(HYBRID.name, metric) - mean(against, metric), 12);
      }
      const best = differences.find(({ metric, isBestSignal }) => metric === 'ndcg10' && isBestSignal)!;
      for (const { name, signal } of ROWS) {
        if (signal) expect(mean(best.against, 'ndcg10')).toBeGreaterThanOrEqual(mean(name, 'ndcg10'));
      }
    }
  });

  it('measures cold items, the graph and diversity', () => {
    const { cold, ann, diversity, catalog } = evaluation;
    expect(cold!.items).toBe(Math.floor(catalog.warmItems / 10));
    expect(cold!.scenarios.map(({ name }) => name)).toEqual(['cold', 'warm', 'all']);
    // Genres reveal the taste in this catalog, so content finds the few cold items.
    const content = cold!.scenarios[0].rows.find(({ name }) => name === CONTENT.name)!;
    expect(content.recall20.mean).toBe(1);
    expect(ann!.lengths.map(({ recall }) => recall.mean)).toEqual(LENGTHS.map(() => 1));
    expect(diversity.points).toHaveLength(11);
    expect(diversity.points[10].diversity20.mean).toBeGreaterThan(diversity.points[0].diversity20.mean);
    expect(diversity.inForce).toBe(0.2);
  });

  it('matches its schema, and can be printed', () => {
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation);
    expect(formatEvaluation(evaluation)).toContain('hybrid');
  });

  it('gives the same figures again, and measures at most the given number of users', async () => {
    const again = await evaluate(folder, { ...options, cold: false });
    expect(again).toEqual({ ...evaluation, cold: null });
    const few = await evaluate(folder, { ...options, users: 3, cold: false, on: 'validation' });
    expect(few.quality.map(({ users }) => users)).toEqual(LENGTHS.map(() => 3));
    expect(few.cold).toBeNull();
    expect(few.protocol).toMatchObject({ on: 'validation', limit: 3, heldOutUsers: TINY.users / 10 });
  });

  it('measures models as they were trained too: what has no trained numbers stays the same', async () => {
    const exact = await evaluate(folder, { ...options, cold: false, unquantised: true });
    expect(exact.protocol.unquantised).toBe(true);
    const rowOf = ({ quality }: Evaluation, name: string) =>
      quality.map(({ rows }) => rows.find((row) => row.name === name)!.metrics.ndcg100);
    for (const name of ['popular', 'content']) expect(rowOf(exact, name)).toEqual(rowOf(evaluation, name));
    for (const name of ['latent alone', 'neighbours alone'])
      expect(rowOf(exact, name)).not.toEqual(rowOf(evaluation, name));
  });

  it('trains models without quantisation that cannot be written by mistake', async () => {
    const { users } = splitUsers(folder, training.seed);
    const parts = await trainEngine(folder, users, { ...training, unquantised: true });
    for (const write of [
      () => writeLatent(parts.latent),
      () => writeNeighbours(parts.neighbours),
      () => writeNeighbours(parts.related),
      () => writeItemTower(parts.itemTower!),
    ])
      expect(write).toThrow(TypeError);
  });
});

describe('measureRow', () => {
  let engine: Engine;
  let split: Split;
  let facts: CatalogFacts;
  beforeAll(async () => {
    split = splitUsers(folder, training.seed);
    engine = new Engine(await trainEngine(folder, split.users, training), () => performance.now());
    facts = { items: folder.items.length, trainingUsers: split.users.training.size, warm: split.warm };
  });

  it('measures what the engine recommends for a history of the given length', () => {
    const direct = (length: number | null) =>
      split.test.map(({ history, hidden }) => {
        const given = length === null ? history : history.slice(history.length - length);
        const { items } = engine.recommend({ mode: 'content', history: given, topK: 100 });
        return { ranking: items.map(({ id }) => id), hidden };
      });
    for (const length of [1, 3, null]) {
      const lists = direct(length);
      const measured = measureRow(engine, CONTENT, split.test, length, facts);
      expect([...measured.values.ndcg10]).toEqual(
        lists.map(({ ranking, hidden }) => ndcg(ranking, new Set(hidden), 10)),
      );
      const shown = new Set(lists.flatMap(({ ranking }) => ranking.slice(0, 20)));
      expect(measured.coverage20).toBe(shown.size / TINY.items);
    }
  });

  it('returns zeros and empty series without users', () => {
    const measured = measureRow(engine, HYBRID, [], null, facts);
    expect(measured).toMatchObject({ coverage20: 0, gini20: 0 });
    expect(measured.values.mrr).toHaveLength(0);
  });
});

describe('cutHistory', () => {
  it('returns the last items, or all', () => {
    const history = ['a', 'b', 'c'].map((id) => ({ id }));
    expect(cutHistory(history, 2)).toEqual([{ id: 'b' }, { id: 'c' }]);
    expect(cutHistory(history, 5)).toEqual(history);
    expect(cutHistory(history, null)).toEqual(history);
  });
});
