import { route } from '@/lib/server/http';

/** The process answers; nothing else is looked at. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/health/live',
  { GET: () => ({ body: { status: 'live' }, caching: 'personal' }) },
  { limited: false },
);
