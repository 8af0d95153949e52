import { route } from '@/lib/server/http/route';

/** The process answers; nothing else is looked at. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/live',
  { GET: () => ({ body: { status: 'live' }, caching: 'personal' }) },
  { limited: false },
);
