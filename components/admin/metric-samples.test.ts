import { describe, expect, it } from 'vitest';
import type { MetricsReport } from '../../lib/contracts/admin';
import { MOST_SAMPLES, type Sample, sampleBetween, withSample } from './metric-samples';

const report = (at: number, bounds: number[], counts: number[], total: number, startedAt = 1): MetricsReport => ({
  at,
  startedAt,
  memoryBytes: null,
  requests: { bounds, counts, total },
  routes: [],
  stages: [],
  statuses: [],
  caches: [],
  candidates: [],
  fallbacks: [],
  errors: [],
  events: [],
});

describe('what went on between two reports', () => {
  it('counts only what came in between', () => {
    const before = report(0, [0.01, 0.1], [900, 900], 900);
    const after = report(5000, [0.01, 0.1], [900, 1000], 1000);
    const sample = sampleBetween(before, after)!;
    expect(sample.rate).toBeCloseTo(20, 9);
    // All hundred between 10 and 100 ms, however many fast ones there were before.
    expect(sample.p50).toBeCloseTo(55, 6);
    expect(sample.p95).toBeCloseTo(95.5, 6);
  });

  it('has no times where nothing was asked', () => {
    const still = [report(0, [0.01], [3], 3), report(5000, [0.01], [3], 3)] as const;
    expect(sampleBetween(...still)).toEqual({ at: 5000, rate: 0, p50: null, p95: null, p99: null });
  });

  it('begins with a process that had counted nothing', () => {
    const sample = sampleBetween(report(0, [], [], 0), report(1000, [0.01], [4], 4))!;
    expect(sample.rate).toBe(4);
    expect(sample.p50).toBeCloseTo(5, 9);
  });

  it('says nothing across a restart', () => {
    expect(sampleBetween(report(0, [0.01], [9], 9), report(5000, [0.01], [2], 2))).toBeNull();
    expect(sampleBetween(report(0, [0.01], [1], 1), report(5000, [0.01], [2], 2, 77))).toBeNull();
    expect(sampleBetween(report(5000, [], [], 0), report(5000, [], [], 0))).toBeNull();
  });

  it('forgets the oldest', () => {
    let samples: Sample[] = [];
    for (let at = 1; at <= MOST_SAMPLES + 3; at++) {
      samples = withSample(samples, { at, rate: 0, p50: null, p95: null, p99: null });
    }
    expect(samples).toHaveLength(MOST_SAMPLES);
    expect([samples[0].at, samples.at(-1)!.at]).toEqual([4, MOST_SAMPLES + 3]);
  });
});
