import { describe, expect, it } from 'vitest';
import { transpose } from '../../lib/math/sparse';
import { checkerboard } from '../../testing/sparse';
import { type Regression, type RegressionTask, regressRange } from './neighbours-task';
import { share, ThreadPool } from './pool';

const MODULE = new URL('./neighbours-worker.ts', import.meta.url);
const users = checkerboard(30, 12);
const step = { users, items: transpose(users, 12), neighbours: 5, regularization: 1, dropout: 0 };
const tasks = Array.from({ length: 12 }, (_, i): RegressionTask => ({ step, from: i, to: i + 1 }));

describe.each([1, 2])('a pool of %d', (threads) => {
  const withPool = async <T>(use: (pool: ThreadPool<RegressionTask, Regression[]>) => Promise<T>): Promise<T> => {
    const pool = new ThreadPool<RegressionTask, Regression[]>(MODULE, regressRange, threads);
    try {
      return await use(pool);
    } finally {
      await pool.close();
    }
  };

  it('gives results in the order of the tasks and tells of each that is done, again and again', async () => {
    await withPool(async (pool) => {
      const heard: number[] = [];
      expect(await pool.run(tasks, (done) => heard.push(done))).toEqual(tasks.map(regressRange));
      expect(heard).toEqual(tasks.map((_, i) => i + 1));
      expect(await pool.run([])).toEqual([]);
      expect(await pool.run(tasks.slice(0, 1))).toEqual(tasks.slice(0, 1).map(regressRange));
      expect(await pool.run(tasks.slice(3))).toEqual(tasks.slice(3).map(regressRange));
    });
  });

  it('fails with the error of a task that fails', async () => {
    const broken = { from: 0, to: 1 } as RegressionTask;
    await expect(withPool((pool) => pool.run([tasks[0], broken, tasks[1]]))).rejects.toThrow(TypeError);
  });
});

describe('share', () => {
  it('copies numbers to where threads share them', () => {
    for (const values of [Uint32Array.of(1, 2, 3), Float32Array.of(0.5, -1), new Uint32Array()]) {
      const copy = share(values);
      expect([...copy]).toEqual([...values]);
      expect(copy.constructor).toBe(values.constructor);
      expect(copy.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });
});
