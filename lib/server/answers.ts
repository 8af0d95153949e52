import 'server-only';
import { LRUCache } from 'lru-cache';
import type { RecommendRequest, RecommendResponse } from '../contracts/engine';
import type { Engine } from '../engine/engine';
import { shared } from './shared';

/** Rough memory of the kept answers, in bytes. */
const MAX_BYTES = 32_000_000;
/** A request longer than this is one person's history; it will hardly come twice. */
const LONGEST_KEY = 4_000;
const BYTES_PER_ITEM = 1_000;

const cache = () =>
  shared(
    'answers',
    () =>
      new LRUCache<string, RecommendResponse>({
        maxSize: MAX_BYTES,
        sizeCalculation: ({ items }, key) => 2 * key.length + BYTES_PER_ITEM * (items.length + 1),
      }),
  );

/** Equal requests have equal keys, whatever the order of their fields; another catalog or model has others. */
function cacheKey(engine: Engine, request: RecommendRequest): string {
  const { mode, history, interests, hidden, candidates, topK, alpha, diversity, withoutReasons } = request;
  return JSON.stringify([
    engine.info.id,
    engine.info.version,
    mode,
    topK,
    alpha ?? null,
    diversity ?? null,
    history.map(({ id, value, timestamp }) => [id, value ?? 1, timestamp ?? null]),
    interests ?? [],
    hidden ?? [],
    candidates ?? null,
    withoutReasons ?? false,
  ]);
}

/**
 * `engine.recommend`, with recent answers kept. The engine computes without pause, so that of several equal
 * requests at once the first one computes and the others find its answer here.
 */
export function cachedRecommend(engine: Engine, request: RecommendRequest): RecommendResponse {
  const key = cacheKey(engine, request);
  if (key.length > LONGEST_KEY) return engine.recommend(request);
  const kept = cache().get(key);
  if (kept) return kept;
  const response = engine.recommend(request);
  cache().set(key, response);
  return response;
}
