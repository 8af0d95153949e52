import type { Reason, RecommendRequest, RecommendResponse, ScoreTerm } from '@/lib/contracts/engine';
import { cachedRecommend } from '@/lib/server/answers';
import { getEngine } from '@/lib/server/catalog';
import { type Answer, round6, route } from '@/lib/server/http';
import { readBody, readQuery } from '@/lib/server/input';
import { itemNotFound } from '@/lib/server/lookup';
import { recommendBodySchema, recommendQuerySchema } from './schema';

/** What a signal brings to the score: `contribution` = `weight` · `z`. */
const roundTerm = ({ signal, weight, z, contribution }: ScoreTerm) => ({
  signal,
  weight: round6(weight),
  z: round6(z),
  contribution: round6(contribution),
});

const roundReason = (reason: Reason): Reason =>
  reason.kind === 'popular' ? reason : { ...reason, share: round6(reason.share) };

function toAnswer(response: RecommendResponse, milliseconds: number): Answer {
  const { domain, mode, alpha, items, unknown } = response;
  const results = items.map(({ id, title, year, score, terms, reasons, creators, tags, links }) => ({
    id,
    title,
    year,
    score: round6(score),
    terms: terms.map(roundTerm),
    reasons: reasons.map(roundReason),
    creators,
    tags,
    links,
  }));
  const body = { domain, mode, alpha: round6(alpha), results, unknown, latency_ms: milliseconds };
  return { body, caching: 'personal' };
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/recommend/[domain]', {
  /** For the items named in the address, each one liked. Without any, what is popular. */
  async GET({ url, params, elapsed }) {
    const query = readQuery(url, recommendQuerySchema);
    const engine = await getEngine(params.domain);
    const unknown = query.item_id.find((id) => engine.resolve(id) === undefined);
    if (unknown !== undefined) throw itemNotFound(engine, unknown, 'item_id');
    const request: RecommendRequest = {
      mode: query.mode,
      history: query.item_id.map((id) => ({ id })),
      topK: query.top_k,
      alpha: query.alpha,
      diversity: query.diversity,
    };
    return toAnswer(cachedRecommend(engine, request), elapsed());
  },

  /** For a whole history. Ids that the catalog no longer holds are passed over, and named in `unknown`. */
  async POST({ request, params, elapsed }) {
    const { top_k, ...rest } = await readBody(request, recommendBodySchema);
    const engine = await getEngine(params.domain);
    const { history } = rest;
    if (history.length > 0 && history.every(({ id }) => engine.resolve(id) === undefined)) {
      throw itemNotFound(engine, history[0].id, 'history');
    }
    return toAnswer(cachedRecommend(engine, { ...rest, topK: top_k }), elapsed());
  },
});
