import { getEngine } from '@/lib/server/engines';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { requireKnownInterests } from '@/lib/server/onboarding/known-interests';
import { nextQuestions } from '@/lib/server/onboarding/questions';
import { nextBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/onboarding/next', {
  /** The next questions of the quick pick, given all answers so far; `done` when there are enough. */
  async POST({ request, elapsed }) {
    const { domain, ...answered } = await readBody(request, nextBodySchema);
    const engine = await getEngine(domain);
    requireKnownInterests(engine, answered.interests);
    const { items, done } = nextQuestions(engine, answered);
    const results = items.map(({ external, popularity, ...item }) => item);
    return { body: { domain: engine.info.id, results, done, latency_ms: elapsed() }, caching: 'personal' };
  },
});
