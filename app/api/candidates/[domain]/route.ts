import { InkpickError } from '@/lib/contracts/errors';
import { getEngine, getManifest } from '@/lib/server/engines';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { nearestItems } from '@/lib/server/vectors/vectors';
import { candidatesBodySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>('/api/candidates/[domain]', {
  /**
   * The items nearest to a user's factors, for catalogs beyond the browser; those that browsers do not hold come with all that it takes to
   * rank them there. Nothing of the request is kept.
   */
  async POST({ request, params }) {
    const { info, dims } = await getEngine(params.domain);
    if ((await getManifest(info.id)).domain.index !== 'server') {
      throw new InkpickError('NOT_FOUND', `The candidates of ${info.label} are found in the browser, and not here.`);
    }
    const { factors, limit } = await readBody(request, candidatesBodySchema);
    if (factors.length !== dims) {
      throw new InkpickError(
        'INVALID_REQUEST',
        `factors must hold ${dims} numbers for ${info.label}, not ${factors.length}.`,
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
