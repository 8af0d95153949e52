import { cachedResponse, catalogVersionOf } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { readLiveWeights } from '@/lib/server/trends/live-weights';
import { blendPopular } from '@/lib/server/trends/popular';
import { popularQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/popular/[domain]', {
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const live = await readLiveWeights(engine.info.id, 'popular');
    const { id, version } = catalogVersionOf(engine);
    const read = () => readQuery(call.url, popularQuerySchema);
    const json = cachedResponse(
      { id, version: `${version}/${live.tag}` },
      'popular',
      call.request.url,
      read,
      (page) => {
        const results = blendPopular(engine, live.items, live.interactions, page);
        const { itemCount } = engine.info;
        return { domain: id, total: itemCount, offset: page.offset, results, latency_ms: call.elapsed() };
      },
    );
    return { json, caching: 'live' };
  },
});
