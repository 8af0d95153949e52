import { InkpickError } from '@/lib/contracts/errors';
import { getEngine, getManifest } from '@/lib/server/engines';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { nearestItems } from '@/lib/server/vectors/vectors';
import { candidatesBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/candidates/[domain]', {
  /**
   * The items with the highest inner product with a user's factors, for catalogs whose index is on the server. Items
   * that browsers do not have come with the data needed to rank them there. Nothing of the request is stored.
   */
  async POST({ request, params }) {
    const { info, dims } = await getEngine(params.domain);
    if ((await getManifest(info.id)).domain.index !== 'server') {
      throw new InkpickError(
        'NOT_FOUND',
        `${info.label} has no index on the server: browsers find its candidates themselves.`,
      );
    }
    const { factors, limit } = await readBody(request, candidatesBodySchema);
    if (factors.length !== dims) {
      throw new InkpickError(
        'INVALID_REQUEST',
        `factors must have ${dims} numbers for ${info.label}, not ${factors.length}.`,
        { field: 'factors' },
      );
    }
    const nearest = await store().run((db) =>
      nearestItems(db, { domain: info.id, version: info.version }, factors, limit),
    );
    const items = nearest.map(({ id, score, record, factors }) => ({
      id,
      score,
      ...(record && factors && { item: { ...record, factors } }),
    }));
    return { body: { domain: info.id, items }, caching: 'personal' };
  },
});
