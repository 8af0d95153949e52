import { checkDomains } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';

/** Whether every domain's artifacts are there and can be loaded; the first call loads them. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/ready',
  {
    async GET() {
      const domains = await checkDomains();
      const states = Object.values(domains);
      const ready = states.length > 0 && states.every(({ state }) => state === 'ready');
      return {
        body: { status: ready ? 'ready' : 'unavailable', domains },
        status: ready ? 200 : 503,
        caching: 'personal',
      };
    },
  },
  { limited: false },
);
