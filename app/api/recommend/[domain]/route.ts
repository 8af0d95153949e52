import type { RecommendRequest } from '@/lib/contracts/engine';
import type { Engine } from '@/lib/engine/engine';
import { cachedResponse, catalogVersionOf, type EncodedBody } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { parseBody, readQuery, readText } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { requireSameOrigin, route } from '@/lib/server/http/route';
import { itemNotFoundError } from '@/lib/server/items/item-not-found';
import { recommendBody } from '@/lib/server/recommend/body';
import { recommendForUser, type User } from '@/lib/server/recommend/for-user';
import { apiUserId, requireVisitor } from '@/lib/server/visitors/identity';
import { ME, recommendBodySchema, recommendQuerySchema } from './schema';

function recommend(engine: Engine, wording: string, read: () => RecommendRequest, elapsed: () => number): EncodedBody {
  return cachedResponse(catalogVersionOf(engine), 'recommend', wording, read, (request) =>
    recommendBody(request, engine.recommend(request), elapsed),
  );
}

/**
 * Whether a raw body may have the field `user`. Such a body is parsed first: the response cache is shared by all
 * callers, and must not have responses for one user.
 */
const mayNameUser = (text: string) => text.includes('"user"') || text.includes('\\u');

/**
 * The user that a request is for: `me` is the visitor of the cookie, on a page of this site; any other name is an API
 * user, for the operator only.
 */
async function userOf(request: Request, name: string): Promise<User> {
  if (name !== ME) {
    requireOperator(request.headers);
    return { id: apiUserId(name), ofApi: true };
  }
  requireSameOrigin(request);
  return { id: await requireVisitor(request.headers), ofApi: false };
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/recommend/[domain]', {
  /** Recommends for the items in the query, each as a like. Without any, popular items. */
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const read = (): RecommendRequest => {
      const { item_id, top_k, ...rest } = readQuery(call.url, recommendQuerySchema);
      const unknown = item_id.find((id) => engine.resolve(id) === undefined);
      if (unknown !== undefined) throw itemNotFoundError(engine, unknown, 'item_id');
      // In the form of an equal POST body, so that both have the same cache key.
      return { history: item_id.map((id) => ({ id, value: 1 })), topK: top_k, interests: [], hidden: [], ...rest };
    };
    return { json: recommend(engine, call.request.url, read, call.elapsed), caching: 'personal' };
  },

  /**
   * Recommends for a history, or for a user whose history is stored. Ids that the catalog does not have are listed in
   * `unknown`.
   */
  async POST({ request, params, elapsed }) {
    const text = await readText(request);
    const engine = await getEngine(params.domain);
    if (mayNameUser(text)) {
      const { user, history, top_k, ...rest } = parseBody(text, recommendBodySchema);
      if (user !== undefined) {
        const json = await recommendForUser(engine, await userOf(request, user), { topK: top_k, ...rest }, elapsed);
        return { json, caching: 'personal' };
      }
    }
    const read = (): RecommendRequest => {
      const { user, history, top_k, ...rest } = parseBody(text, recommendBodySchema);
      if (history.length > 0 && history.every(({ id }) => engine.resolve(id) === undefined)) {
        throw itemNotFoundError(engine, history[0].id, 'history');
      }
      return { history, topK: top_k, ...rest };
    };
    return { json: recommend(engine, text, read, elapsed), caching: 'personal' };
  },
});
