import 'server-only';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../contracts/errors';
import { singleton } from '../singleton';

/** Bucket bounds: from a cached response to far too slow. */
const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Stage = 'store' | 'engine' | 'cache';
export type CacheLevel = 'memory' | 'redis' | 'miss';
export type EventOutcome = 'accepted' | 'duplicate' | 'unknown';

/**
 * The metrics of this process. Label values are names from the code or of a domain's signals, and patterns of routes:
 * no address, and no id of a visitor or an item.
 */
function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: 'inkpick_http_request_duration_seconds',
      help: 'Time to respond to a request, by the pattern of its route.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    stages: new Histogram({
      name: 'inkpick_stage_duration_seconds',
      help: 'Time in one stage of a response: the store, the engine, or the cache without computing the value.',
      labelNames: ['stage'] as const,
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    cacheReads: new Counter({
      name: 'inkpick_cache_reads_total',
      help: 'Reads of the cache, by where the value was found: in memory, in Redis, or nowhere (miss).',
      labelNames: ['cache', 'level'] as const,
      registers,
    }),
    candidates: new Counter({
      name: 'inkpick_candidates_total',
      help: 'Candidates, by the source that proposed them first.',
      labelNames: ['source'] as const,
      registers,
    }),
    fallbacks: new Counter({
      name: 'inkpick_fallbacks_total',
      help: 'Places of lists that were filled by a fallback level.',
      labelNames: ['level'] as const,
      registers,
    }),
    events: new Counter({
      name: 'inkpick_events_total',
      help: 'Events of visitors, by kind and outcome.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    errors: new Counter({
      name: 'inkpick_errors_total',
      help: 'Error responses, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    storeUp: new Gauge({
      name: 'inkpick_store_up',
      help: '1 while the store responds, else 0.',
      labelNames: ['kind'] as const,
      registers,
    }),
    cacheUp: new Gauge({
      name: 'inkpick_cache_up',
      help: '1 while the cache is complete; 0 while memory serves alone because Redis is unreachable.',
      labelNames: ['kind'] as const,
      registers,
    }),
    requestTimers: new Map<string, { observe: (seconds: number) => void }>(),
  };
}

/** The process's one set of metrics. */
export const metrics = () => singleton('metrics', createMetrics);

/** @param milliseconds from request to response */
export function observeRequest(method: string, route: string, status: number, milliseconds: number): void {
  const { requests, requestTimers } = metrics();
  const key = `${method} ${status} ${route}`;
  let timer = requestTimers.get(key);
  if (!timer) {
    // Looking labels up costs time in every request; there are few combinations.
    timer = requests.labels(method, route, `${Math.floor(status / 100)}xx`);
    requestTimers.set(key, timer);
  }
  timer.observe(milliseconds / 1000);
}

export function observeStage(stage: Stage, milliseconds: number): void {
  metrics().stages.observe({ stage }, milliseconds / 1000);
}

export function countCacheRead(cache: string, level: CacheLevel): void {
  metrics().cacheReads.inc({ cache, level });
}

/** @param sources number of candidates that each source proposed first */
export function countCandidates(sources: Partial<Record<string, number>>): void {
  for (const [source, count] of Object.entries(sources)) metrics().candidates.inc({ source }, count);
}

/** @param level the fallback level, such as `popular` for a list that should have been personal */
export function countFallback(level: string, places = 1): void {
  metrics().fallbacks.inc({ level }, places);
}

export function countEvent(kind: string, outcome: EventOutcome, count = 1): void {
  metrics().events.inc({ kind, outcome }, count);
}

export function countError(code: ErrorCode): void {
  metrics().errors.inc({ code });
}
