import { cachedResponse, catalogVersionOf } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { readLiveWeights } from '@/lib/server/trends/live-weights';
import { fillTrending } from '@/lib/server/trends/popular';
import { trendingQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/trending/[domain]', {
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const { window, limit } = readQuery(call.url, trendingQuerySchema);
    const live = await readLiveWeights(engine.info.id, window);
    const { id, version } = catalogVersionOf(engine);
    const question = () => ({ window, limit });
    const json = cachedResponse(
      { id, version: `${version}/${live.tag}` },
      'trending',
      call.request.url,
      question,
      () => ({
        domain: id,
        window,
        results: fillTrending(engine, live.items, limit),
        latency_ms: call.elapsed(),
      }),
    );
    return { json, caching: 'live' };
  },
});
