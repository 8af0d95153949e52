import { InkpickError } from '@/lib/contracts/errors';
import { getEngine } from '@/lib/server/catalog';
import { firstList } from '@/lib/server/first-list';
import { route } from '@/lib/server/http';
import { quote, readBody } from '@/lib/server/input';
import { onboardingBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/onboarding', {
  /** A newcomer's first list, from the interests chosen in the survey. */
  async POST({ request, elapsed }) {
    const { domain, interests, visitor, top_k } = await readBody(request, onboardingBodySchema);
    const engine = await getEngine(domain);
    const known = engine.info.interests;
    const knownIds = new Set(known.map(({ id }) => id));
    const unknown = interests.findIndex((id) => !knownIds.has(id));
    if (unknown >= 0) {
      throw new InkpickError(
        'INVALID_REQUEST',
        `${engine.info.label} has no interest ${quote(interests[unknown])}; it has: ${[...knownIds].join(', ')}.`,
        { field: `interests[${unknown}]`, details: { interests: known } },
      );
    }
    const results = firstList(engine, { interests, visitor, size: top_k });
    return { body: { domain: engine.info.id, results, latency_ms: elapsed() }, caching: 'personal' };
  },
});
