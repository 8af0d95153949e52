import { remembered } from '@/lib/server/answers';
import { getEngine } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';
import { readQuery } from '@/lib/server/input';
import { popularQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/popular/[domain]', {
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const read = () => readQuery(call.url, popularQuerySchema);
    const json = remembered(engine.info, 'popular', call.request.url, read, ({ limit, offset }) => {
      const results = engine.popular(limit, offset);
      const { id, itemCount } = engine.info;
      return { domain: id, total: itemCount, offset, results, latency_ms: call.elapsed() };
    });
    return { json, caching: 'public' };
  },
});
