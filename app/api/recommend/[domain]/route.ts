import type { RecommendRequest } from '@/lib/contracts/engine';
import type { Engine } from '@/lib/engine/engine';
import { cachedResponse, catalogVersionOf, type EncodedBody } from '@/lib/server/cache/response-cache';
import { getEngine } from '@/lib/server/engines';
import { parseBody, readQuery, readText } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { requireSameOrigin, route } from '@/lib/server/http/route';
import { recommendBody } from '@/lib/server/recommend/body';
import { recommendForUser, type User } from '@/lib/server/recommend/for-user';
import { itemNotFound } from '@/lib/server/recommend/item-not-found';
import { apiUserId, requireVisitor } from '@/lib/server/visitors/identity';
import { ME, recommendBodySchema, recommendQuerySchema } from './schema';

function recommend(engine: Engine, wording: string, read: () => RecommendRequest, elapsed: () => number): EncodedBody {
  return cachedResponse(catalogVersionOf(engine), 'recommend', wording, read, (request) =>
    recommendBody(engine, request, elapsed),
  );
}

/** Whether a body may name a user, by its letters alone: those that do are never remembered by their wording. */
const mayNameUser = (text: string) => text.includes('"user"') || text.includes('\\u');

/** The visitor whose cookie came along, who must be on a page of this site; or anybody, for the operator. */
async function userOf(request: Request, name: string): Promise<User> {
  if (name !== ME) {
    requireOperator(request.headers);
    return { id: apiUserId(name), ofApi: true };
  }
  requireSameOrigin(request);
  return { id: await requireVisitor(request.headers), ofApi: false };
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/recommend/[domain]', {
  /** For the items named in the address, each one liked. Without any, what is popular. */
  async GET(call) {
    const engine = await getEngine(call.params.domain);
    const read = (): RecommendRequest => {
      const { item_id, top_k, ...rest } = readQuery(call.url, recommendQuerySchema);
      const unknown = item_id.find((id) => engine.resolve(id) === undefined);
      if (unknown !== undefined) throw itemNotFound(engine, unknown, 'item_id');
      // In the form that a body of the same meaning has.
      return { history: item_id.map((id) => ({ id, value: 1 })), topK: top_k, interests: [], hidden: [], ...rest };
    };
    return { json: recommend(engine, call.request.url, read, call.elapsed), caching: 'personal' };
  },

  /**
   * For a whole history, or for a user whose history is held here. Ids that the catalog no longer holds are passed over, and named in
   * `unknown`.
   */
  async POST({ request, params, elapsed }) {
    const text = await readText(request);
    const engine = await getEngine(params.domain);
    if (mayNameUser(text)) {
      const { user, history, top_k, ...rest } = parseBody(text, recommendBodySchema);
      if (user !== undefined) {
        const asking = await userOf(request, user);
        const question = { topK: top_k, ...rest };
        return { json: await recommendForUser(engine, asking, question, elapsed), caching: 'personal' };
      }
    }
    const read = (): RecommendRequest => {
      const { user, history, top_k, ...rest } = parseBody(text, recommendBodySchema);
      if (history.length > 0 && history.every(({ id }) => engine.resolve(id) === undefined)) {
        throw itemNotFound(engine, history[0].id, 'history');
      }
      return { history, topK: top_k, ...rest };
    };
    return { json: recommend(engine, text, read, elapsed), caching: 'personal' };
  },
});
