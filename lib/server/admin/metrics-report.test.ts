import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  countCacheRead,
  countCandidates,
  countError,
  countEvent,
  countFallback,
  metrics,
  observeRequest,
  observeStage,
} from '../metrics/metrics';
import { reportMetrics } from './metrics-report';

const NOW = Date.UTC(2026, 10, 22);

describe('the report of the metrics', () => {
  it('contains every metric that has a chart', async () => {
    metrics().registry.resetMetrics();
    for (let i = 0; i < 90; i++) observeRequest('GET', '/api/popular/[domain]', 200, 3);
    for (let i = 0; i < 10; i++) observeRequest('GET', '/api/popular/[domain]', 503, 70);
    observeRequest('POST', '/api/events', 200, 8);
    observeStage('engine', 2);
    countCacheRead('candidates', 'memory');
    countCacheRead('candidates', 'memory');
    countCacheRead('candidates', 'miss');
    countCacheRead('factors', 'redis');
    countCandidates({ latent: 30, content: 12 });
    countCandidates({ latent: 5 });
    countFallback('popular', 4);
    countError('STORE_UNAVAILABLE');
    countEvent('like', 'accepted', 2);
    countEvent('like', 'duplicate');

    const report = reportMetrics(await metrics().registry.getMetricsAsJSON(), NOW);
    expect(report.at).toBe(NOW);
    expect(report.memoryBytes).toBeGreaterThan(1e6);
    const [popular, events] = report.routes;
    expect([popular.name, popular.count]).toEqual(['GET /api/popular/[domain]', 100]);
    expect([events.name, events.count]).toEqual(['POST /api/events', 1]);
    expect(popular.mean).toBeCloseTo(9.7, 6);
    // 90 of 100 requests took between 2.5 and 5 ms, 10 between 50 and 100 ms.
    expect(popular.p50).toBeCloseTo(2.5 + (2.5 * 50) / 90, 6);
    expect(popular.p95).toBeCloseTo(75, 6);
    expect(popular.p99).toBeCloseTo(95, 6);
    expect(report.requests.total).toBe(101);
    expect(report.requests.counts.at(-1)).toBe(101);
    expect(report.statuses).toEqual([
      { name: '2xx', count: 91 },
      { name: '5xx', count: 10 },
    ]);
    expect(report.stages.map(({ name, count }) => [name, count])).toEqual([['engine', 1]]);
    expect(report.caches).toEqual([
      { name: 'candidates', memory: 2, redis: 0, miss: 1 },
      { name: 'factors', memory: 0, redis: 1, miss: 0 },
    ]);
    expect(report.candidates).toEqual([
      { name: 'latent', count: 35 },
      { name: 'content', count: 12 },
    ]);
    expect(report.fallbacks).toEqual([{ name: 'popular', count: 4 }]);
    expect(report.errors).toEqual([{ name: 'STORE_UNAVAILABLE', count: 1 }]);
    expect(report.events).toEqual([
      { name: 'like, accepted', count: 2 },
      { name: 'like, duplicate', count: 1 },
    ]);
  });

  it('is empty for a registry without these metrics', async () => {
    const report = reportMetrics(await new Registry().getMetricsAsJSON(), NOW);
    expect(report).toMatchObject({ startedAt: null, memoryBytes: null, routes: [], caches: [], errors: [] });
    expect(report.requests).toEqual({ bounds: [], counts: [], total: 0 });
  });
});
