import type { Reason, RecommendRequest, RecommendResponse, ScoreTerm } from '@/lib/contracts/engine';
import type { Engine } from '@/lib/engine/engine';
import { type Json, remembered } from '@/lib/server/answers';
import { getEngine } from '@/lib/server/catalog';
import { round6, route } from '@/lib/server/http';
import { parseBody, readQuery, readText } from '@/lib/server/input';
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

/** @param milliseconds what the answer took when it was computed; `Server-Timing` tells what this request took */
function toBody(response: RecommendResponse, milliseconds: number): object {
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
  return { domain, mode, alpha: round6(alpha), results, unknown, latency_ms: milliseconds };
}

function recommend(engine: Engine, wording: string, read: () => RecommendRequest, elapsed: () => number): Json {
  return remembered(engine.info, 'recommend', wording, read, (request) => {
    const response = engine.recommend(request);
    return toBody(response, elapsed());
  });
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

  /** For a whole history. Ids that the catalog no longer holds are passed over, and named in `unknown`. */
  async POST({ request, params, elapsed }) {
    const text = await readText(request);
    const engine = await getEngine(params.domain);
    const read = (): RecommendRequest => {
      const { history, top_k, ...rest } = parseBody(text, recommendBodySchema);
      if (history.length > 0 && history.every(({ id }) => engine.resolve(id) === undefined)) {
        throw itemNotFound(engine, history[0].id, 'history');
      }
      return { history, topK: top_k, ...rest };
    };
    return { json: recommend(engine, text, read, elapsed), caching: 'personal' };
  },
});
