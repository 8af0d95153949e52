import 'server-only';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../contracts/errors';
import { singleton } from '../singleton';

/** Seconds: from a remembered answer to what nobody should have to wait for. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Stage = 'store' | 'engine' | 'cache';
export type CacheLevel = 'memory' | 'redis' | 'miss';
export type EventOutcome = 'accepted' | 'duplicate' | 'unknown';

/**
 * What this process counts and times. Labels are names out of this code or of a domain's signals: no address, no id of a visitor or an
 * item, and routes by their patterns.
 */
function make() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: 'inkpick_http_request_duration_seconds',
      help: 'Time to answer a request, by the pattern of its route.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: SECONDS,
      registers,
    }),
    stages: new Histogram({
      name: 'inkpick_stage_duration_seconds',
      help: 'Time in one stage of an answer: the store, the engine, or the cache without what it had made.',
      labelNames: ['stage'] as const,
      buckets: SECONDS,
      registers,
    }),
    cacheReads: new Counter({
      name: 'inkpick_cache_reads_total',
      help: 'Values asked of the cache, by where they were: in memory, in Redis, or nowhere (miss).',
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
      help: 'Places of lists that a lower level had to fill.',
      labelNames: ['level'] as const,
      registers,
    }),
    events: new Counter({
      name: 'inkpick_events_total',
      help: 'Events of visitors, by kind and by what became of them.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    errors: new Counter({
      name: 'inkpick_errors_total',
      help: 'Errors answered, by their code.',
      labelNames: ['code'] as const,
      registers,
    }),
    storeUp: new Gauge({
      name: 'inkpick_store_up',
      help: '1 where the store answers.',
      labelNames: ['kind'] as const,
      registers,
    }),
    cacheUp: new Gauge({
      name: 'inkpick_cache_up',
      help: '1 where the cache is all there; 0 where memory serves alone because Redis cannot be reached.',
      labelNames: ['kind'] as const,
      registers,
    }),
    rows: new Map<string, { observe: (seconds: number) => void }>(),
  };
}

/** The metrics of this process. */
export const metrics = () => singleton('metrics', make);

/** @param milliseconds from the request to the answer */
export function observeRequest(method: string, route: string, status: number, milliseconds: number): void {
  const { requests, rows } = metrics();
  const key = `${method} ${status} ${route}`;
  let row = rows.get(key);
  if (!row) {
    // Made once for each combination, of which there are few: it is done for every request.
    row = requests.labels(method, route, `${Math.floor(status / 100)}xx`);
    rows.set(key, row);
  }
  row.observe(milliseconds / 1000);
}

export function observeStage(stage: Stage, milliseconds: number): void {
  metrics().stages.observe({ stage }, milliseconds / 1000);
}

export function countCacheRead(cache: string, level: CacheLevel): void {
  metrics().cacheReads.inc({ cache, level });
}

/** @param sources how many candidates each source proposed first, as the engine's answers say */
export function countCandidates(sources: Partial<Record<string, number>>): void {
  for (const [source, count] of Object.entries(sources)) metrics().candidates.inc({ source }, count);
}

/** @param level the name of what stood in, such as `popular` for a list that should have been personal */
export function countFallback(level: string, places = 1): void {
  metrics().fallbacks.inc({ level }, places);
}

export function countEvent(kind: string, outcome: EventOutcome, count = 1): void {
  metrics().events.inc({ kind, outcome }, count);
}

export function countError(code: ErrorCode): void {
  metrics().errors.inc({ code });
}
