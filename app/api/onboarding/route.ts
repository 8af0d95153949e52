import type { Reason } from '@/lib/contracts/engine';
import { getEngine } from '@/lib/server/engines';
import { readBody } from '@/lib/server/http/input';
import { round6, route } from '@/lib/server/http/route';
import { countFallback } from '@/lib/server/metrics/metrics';
import { firstList } from '@/lib/server/onboarding/first-list';
import { requireKnownInterests } from '@/lib/server/onboarding/known-interests';
import { onboardingBodySchema } from './schema';

const roundReason = (reason: Reason): Reason =>
  'share' in reason ? { ...reason, share: round6(reason.share) } : reason;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/onboarding', {
  /** A new visitor's first list from their answers to the survey and the quick pick and their profile, all optional. */
  async POST({ request, elapsed }) {
    const { domain, top_k, ...answers } = await readBody(request, onboardingBodySchema);
    const engine = await getEngine(domain);
    requireKnownInterests(engine, answers.interests);
    const list = await firstList(engine, { ...answers, size: top_k });
    countFallback('prior', list.filter(({ slot, level }) => slot === 'popular' && level === 'prior').length);
    const results = list.map((item) => ({ ...item, reasons: item.reasons.map(roundReason) }));
    return { body: { domain: engine.info.id, results, latency_ms: elapsed() }, caching: 'personal' };
  },
});
