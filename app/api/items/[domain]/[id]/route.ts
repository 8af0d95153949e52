import { getEngine } from '@/lib/server/engines';
import { parse } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { isBuiltIn } from '@/lib/server/items/additions';
import { itemNotFoundError } from '@/lib/server/items/item-not-found';
import { withdrawItem } from '@/lib/server/items/service';
import { itemParamsSchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string; id: string }>(
  '/api/items/[domain]/[id]',
  {
    async GET({ params }) {
      const { domain, id } = parse(itemParamsSchema, params, 'The address');
      const engine = await getEngine(domain);
      const [item] = engine.items([id]);
      if (!item) throw itemNotFoundError(engine, id, 'id');
      // A published item may be withdrawn at any time; an item of the build changes with a deployment only.
      const caching = isBuiltIn(engine, item.id) ? 'public' : 'brief';
      return { body: { domain: engine.info.id, ...item }, caching };
    },

    /** Withdraws a published item. For operators. */
    async DELETE({ request, params }) {
      requireOperator(request.headers);
      const { domain, id } = parse(itemParamsSchema, params, 'The address');
      const engine = await getEngine(domain);
      const revision = await withdrawItem(engine, id);
      return { body: { domain: engine.info.id, withdrawn: id, revision }, caching: 'personal' };
    },
  },
);
