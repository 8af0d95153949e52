import { getEngine } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';
import { readQuery } from '@/lib/server/input';
import { searchQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/search/[domain]', {
  async GET({ url, params, elapsed }) {
    const { q, limit } = readQuery(url, searchQuerySchema);
    const engine = await getEngine(params.domain);
    const { hits } = engine.search(q, limit);
    return { body: { domain: engine.info.id, query: q, results: hits, latency_ms: elapsed() }, caching: 'personal' };
  },
});
