import { describe, expect, it } from 'vitest';
import { transpose } from '../../lib/math/sparse';
import { checkerboard } from '../../testing/sparse';
import { type Regression, type RegressionTask, regressRange } from './neighbours-task';
import { mapRows, rangesOf, ThreadPool } from './thread-pool';

const MODULE = new URL('./neighbours-worker.ts', import.meta.url);
const users = checkerboard(30, 12);
const step = { users, items: transpose(users, 12), neighbours: 5, regularization: 1, dropout: 0 };
const tasks = Array.from({ length: 12 }, (_, i): RegressionTask => ({ step, from: i, to: i + 1 }));

describe.each([1, 2])('ThreadPool with %d threads', (threads) => {
  const withPool = async <T>(use: (pool: ThreadPool<RegressionTask, Regression[]>) => Promise<T>): Promise<T> => {
    const pool = new ThreadPool<RegressionTask, Regression[]>(MODULE, regressRange, threads);
    try {
      return await use(pool);
    } finally {
      await pool.close();
    }
  };

  it('returns results in the order of the tasks, reports each, and can run again', async () => {
    await withPool(async (pool) => {
      const reported: number[] = [];
      expect(await pool.run(tasks, (done) => reported.push(done))).toEqual(tasks.map(regressRange));
      expect(reported).toEqual(tasks.map((_, i) => i + 1));
      expect(await pool.run([])).toEqual([]);
      expect(await pool.run(tasks.slice(0, 1))).toEqual(tasks.slice(0, 1).map(regressRange));
      expect(await pool.run(tasks.slice(3))).toEqual(tasks.slice(3).map(regressRange));
    });
  });

  it('rejects with the error that a task throws', async () => {
    const broken = { from: 0, to: 1 } as RegressionTask;
    await expect(withPool((pool) => pool.run([tasks[0], broken, tasks[1]]))).rejects.toThrow(TypeError);
  });
});

describe('mapRows', () => {
  it.each([1, 3])('returns one result per row in order, and reports rows, with %d threads', async (threads) => {
    const reported: number[] = [];
    const onProgress = (rows: number) => reported.push(rows);
    const results = await mapRows<RegressionTask, Regression>(
      { count: 12, size: 5, threads, onProgress },
      MODULE,
      regressRange,
      (range) => ({ step, ...range }),
    );
    expect(results).toEqual(tasks.flatMap(regressRange));
    expect(reported).toEqual([5, 10, 12]);
  });

  it.each([
    [0, 5, []],
    [5, 5, [[0, 5]]],
    [
      6,
      5,
      [
        [0, 5],
        [5, 6],
      ],
    ],
  ])('divides %i rows into ranges of %i', (count, size, expected) => {
    expect(rangesOf(count, size).map(({ from, to }) => [from, to])).toEqual(expected);
  });
});
