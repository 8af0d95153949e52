import { InkpickError } from '@/lib/contracts/errors';
import { route } from '@/lib/server/http/route';
import { ADDRESSES } from './addresses';

const notFound = () => {
  throw new InkpickError('NOT_FOUND', 'There is nothing at this address.', { details: { addresses: ADDRESSES } });
};

/** Answers every address under /api that has no route of its own: 404 for each method, as JSON. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/[[...path]]', {
  GET: notFound,
  POST: notFound,
  PUT: notFound,
  PATCH: notFound,
  DELETE: notFound,
});
