import { getEngine } from '@/lib/server/engines';
import { route } from '@/lib/server/http/route';
import { domainLiveSignals } from '@/lib/server/trends/live-signals';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/shared/[domain]', {
  /** The live signals that are the same for all visitors: trending items, new items and their last revision. */
  async GET({ params }) {
    const { id } = (await getEngine(params.domain)).info;
    return { body: await domainLiveSignals(id), caching: 'live' };
  },
});
