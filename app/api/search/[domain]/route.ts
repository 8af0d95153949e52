import { cachedResponse, catalogVersionOf } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { searchQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/search/[domain]', {
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const read = () => readQuery(call.url, searchQuerySchema);
    const json = cachedResponse(catalogVersionOf(engine), 'search', call.request.url, read, ({ q, limit }) => {
      const { hits } = engine.search(q, limit);
      return { domain: engine.info.id, query: q, results: hits, latency_ms: call.elapsed() };
    });
    return { json, caching: 'personal' };
  },
});
