import { getEngine } from '@/lib/server/engines';
import { readBody, readQuery } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { publishItems, readDelta } from '@/lib/server/items/service';
import { deltaQuerySchema, publishBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/items/[domain]', {
  /** What was published, changed or withdrawn after revision `since`. */
  async GET({ params, url }) {
    const engine = await getEngine(params.domain);
    return { body: await readDelta(engine, readQuery(url, deltaQuerySchema).since), caching: 'live' };
  },

  /** Publishes items or changes published ones, without a build. For operators. */
  async POST({ request, params }) {
    requireOperator(request.headers);
    const engine = await getEngine(params.domain);
    const { items } = await readBody(request, publishBodySchema);
    const revision = await publishItems(engine, items);
    return { status: 201, body: { domain: engine.info.id, published: items.length, revision }, caching: 'personal' };
  },
});
