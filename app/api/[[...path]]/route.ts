import { InkpickError } from '@/lib/contracts/errors';
import { route } from '@/lib/server/http/route';

const ADDRESSES = [
  'GET, POST /api/recommend/{domain}',
  'GET /api/search/{domain}?q=…',
  'GET /api/popular/{domain}',
  'GET /api/trending/{domain}?window=day|week|month',
  'GET /api/shared/{domain}',
  'GET, POST /api/items/{domain}',
  'GET, DELETE /api/items/{domain}/{id}',
  'GET /api/domains',
  'POST /api/candidates/{domain}',
  'POST /api/onboarding',
  'POST /api/onboarding/next',
  'GET, POST, DELETE /api/me',
  'POST /api/events',
  'GET, POST /api/friends',
  'PUT, DELETE /api/sharing/{domain}',
  'GET /api/health/live',
  'GET /api/health/ready',
  'GET /api/metrics',
];

const notFound = () => {
  throw new InkpickError('NOT_FOUND', 'There is nothing at this address.', { details: { addresses: ADDRESSES } });
};

/** Whatever no other route answers: 404 for every method, as JSON like all else here. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/[[...path]]', {
  GET: notFound,
  POST: notFound,
  PUT: notFound,
  PATCH: notFound,
  DELETE: notFound,
});
