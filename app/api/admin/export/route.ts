import { exportKey, exportPage } from '@/lib/server/admin/export';
import { domainNames, getManifest } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { exportQuerySchema } from './schema';

async function paces(): Promise<Map<string, number | undefined>> {
  const domains = await domainNames();
  return new Map(
    await Promise.all(
      domains.map(async (domain) => [domain, (await getManifest(domain)).domain.halfLifeDays] as const),
    ),
  );
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/export', {
  /** A page of events, new items or trends; visitors stand there by a keyed hash. For operators. */
  async GET({ request, url }) {
    requireOperator(request.headers);
    const { what, after } = readQuery(url, exportQuerySchema);
    const halfLives = await paces();
    const page = await store().run(async (db) =>
      exportPage(db, what, after, {
        key: await exportKey(db),
        now: Date.now(),
        pace: (domain) => halfLives.get(domain),
      }),
    );
    return { body: page, caching: 'personal' };
  },
});
