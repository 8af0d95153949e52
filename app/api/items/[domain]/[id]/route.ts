import { getEngine } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';
import { parse } from '@/lib/server/input';
import { itemNotFound } from '@/lib/server/lookup';
import { itemParamsSchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string; id: string }>(
  '/api/items/[domain]/[id]',
  {
    async GET({ params }) {
      const { domain, id } = parse(itemParamsSchema, params, 'The address');
      const engine = await getEngine(domain);
      const [item] = engine.items([id]);
      if (!item) throw itemNotFound(engine, id, 'id');
      return { body: { domain: engine.info.id, ...item }, caching: 'public' };
    },
  },
);
