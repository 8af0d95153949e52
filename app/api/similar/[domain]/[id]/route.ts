import type { SimilarRequest } from '@/lib/contracts/engine';
import { cachedResponse, catalogVersionOf } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { parse, readQuery } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { itemNotFoundError } from '@/lib/server/items/item-not-found';
import { recommendBody } from '@/lib/server/recommend/body';
import { similarParamsSchema, similarQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string; id: string }>(
  '/api/similar/[domain]/[id]',
  {
    /** Items like one item, by own or external id, in the shape of a recommendation. */
    async GET(call) {
      const { domain, id } = parse(similarParamsSchema, call.params, 'The address');
      const engine = await getEngine(domain);
      if (!engine.knows(id)) throw itemNotFoundError(engine, id, 'id');
      const read = (): SimilarRequest => {
        const { top_k, ...rest } = readQuery(call.url, similarQuerySchema);
        return { id, topK: top_k, ...rest };
      };
      const json = cachedResponse(catalogVersionOf(engine), 'similar', call.request.url, read, (request) =>
        recommendBody({ mode: 'hybrid', history: [{ id }], topK: request.topK }, engine.similar(request), call.elapsed),
      );
      return { json, caching: 'personal' };
    },
  },
);
