import { describe, expect, it } from 'vitest';
import type { MetricsReport } from '../../lib/contracts/admin';
import { appendSample, MAX_SAMPLES, type Sample, sampleBetween } from './metric-samples';

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

describe('a sample between two reports', () => {
  it('counts only the requests between them', () => {
    const before = report(0, [0.01, 0.1], [900, 900], 900);
    const after = report(5000, [0.01, 0.1], [900, 1000], 1000);
    const sample = sampleBetween(before, after)!;
    expect(sample.rate).toBeCloseTo(20, 9);
    // All 100 took between 10 and 100 ms; the 900 fast ones came before.
    expect(sample.p50).toBeCloseTo(55, 6);
    expect(sample.p95).toBeCloseTo(95.5, 6);
  });

  it('has no durations without requests', () => {
    const idle = [report(0, [0.01], [3], 3), report(5000, [0.01], [3], 3)] as const;
    expect(sampleBetween(...idle)).toEqual({ at: 5000, rate: 0, p50: null, p95: null, p99: null });
  });

  it('can start from an empty report', () => {
    const sample = sampleBetween(report(0, [], [], 0), report(1000, [0.01], [4], 4))!;
    expect(sample.rate).toBe(4);
    expect(sample.p50).toBeCloseTo(5, 9);
  });

  it('is null across a restart', () => {
    expect(sampleBetween(report(0, [0.01], [9], 9), report(5000, [0.01], [2], 2))).toBeNull();
    expect(sampleBetween(report(0, [0.01], [1], 1), report(5000, [0.01], [2], 2, 77))).toBeNull();
    expect(sampleBetween(report(5000, [], [], 0), report(5000, [], [], 0))).toBeNull();
  });

  it('replaces the oldest when there are too many', () => {
    let samples: Sample[] = [];
    for (let at = 1; at <= MAX_SAMPLES + 3; at++) {
      samples = appendSample(samples, { at, rate: 0, p50: null, p95: null, p99: null });
    }
    expect(samples).toHaveLength(MAX_SAMPLES);
    expect([samples[0].at, samples.at(-1)!.at]).toEqual([4, MAX_SAMPLES + 3]);
  });
});
