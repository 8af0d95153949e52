import { getEngine } from '@/lib/server/engines';
import { route } from '@/lib/server/http/route';
import { domainLiveSignals } from '@/lib/server/trends/live-signals';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/shared/[domain]', {
  /** What devices cannot know by themselves, the same for all: what is popular now, and which items are new. */
  async GET({ params }) {
    const { id } = (await getEngine(params.domain)).info;
    return { body: await domainLiveSignals(id), caching: 'live' };
  },
});
