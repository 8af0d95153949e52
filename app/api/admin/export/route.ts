import { exportKey, exportPage } from '@/lib/server/admin/export';
import { domainNames } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { readHalfLifeDays } from '@/lib/server/trends/manifest-half-lives';
import { exportQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/export', {
  /** A page of events, new items or trends, with a keyed hash in place of each visitor's id. For operators. */
  async GET({ request, url }) {
    requireOperator(request.headers);
    const { what, after } = readQuery(url, exportQuerySchema);
    const halfLifeDays = await readHalfLifeDays(await domainNames());
    const page = await store().run(async (db) =>
      exportPage(db, what, after, {
        key: await exportKey(db),
        now: Date.now(),
        pace: halfLifeDays,
      }),
    );
    return { body: page, caching: 'personal' };
  },
});
