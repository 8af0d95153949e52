import { getEngine } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';
import { readQuery } from '@/lib/server/input';
import { popularQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/popular/[domain]', {
  async GET({ url, params, elapsed }) {
    const { limit, offset } = readQuery(url, popularQuerySchema);
    const engine = await getEngine(params.domain);
    const results = engine.popular(limit, offset);
    return {
      body: { domain: engine.info.id, total: engine.info.itemCount, offset, results, latency_ms: elapsed() },
      caching: 'public',
    };
  },
});
