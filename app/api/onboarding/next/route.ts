import { getEngine } from '@/lib/server/engines';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { requireKnownInterests } from '@/lib/server/onboarding/known-interests';
import { nextQuestions } from '@/lib/server/onboarding/questions';
import { nextBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/onboarding/next', {
  /** What to ask a newcomer about next, by all answers so far; `done` once they tell enough. */
  async POST({ request, elapsed }) {
    const { domain, ...asked } = await readBody(request, nextBodySchema);
    const engine = await getEngine(domain);
    requireKnownInterests(engine, asked.interests);
    const { items, done } = nextQuestions(engine, asked);
    const results = items.map(({ external, popularity, ...item }) => item);
    return { body: { domain: engine.info.id, results, done, latency_ms: elapsed() }, caching: 'personal' };
  },
});
