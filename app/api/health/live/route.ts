import { route } from '@/lib/server/http/route';

/** The process responds. Checks nothing else. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/live',
  { GET: () => ({ body: { status: 'live' }, caching: 'personal' }) },
  { limited: false },
);
