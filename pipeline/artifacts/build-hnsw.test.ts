import { describe, expect, it, vi } from 'vitest';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { silentProgress } from '../io/progress';
import { buildHnswGraph } from './build-hnsw';

const SIZE = 500;
const DIMS = 24;
const normal = gaussian(mulberry32(5));
const factors = Float32Array.from({ length: SIZE * DIMS }, normal);

describe('buildHnswGraph', () => {
  it('builds a sound graph, and the same again for the same seed', async () => {
    const graph = await buildHnswGraph(factors, DIMS, 1, silentProgress);
    expect(graph.levels).toHaveLength(SIZE);
    expect(graph.dims).toBe(DIMS);
    expect(Math.max(...graph.levels)).toBeGreaterThan(0);
    expect(await buildHnswGraph(factors, DIMS, 1, silentProgress)).toEqual(graph);
  });

  it('writes nothing to standard output, which is for results', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await buildHnswGraph(factors.subarray(0, 10 * DIMS), DIMS, 1, silentProgress);
    expect(log).not.toHaveBeenCalled();
  });
});
