import type { SharingReceipt } from '@/lib/contracts/friends';
import { getEngine } from '@/lib/server/engines';
import { serverTime } from '@/lib/server/events/clock';
import { countSharing } from '@/lib/server/friends/limits';
import { share, stopSharing } from '@/lib/server/friends/sharing';
import { parse, readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { sharedLikesSchema, sharingParamsSchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>(
  '/api/sharing/[domain]',
  {
    /** Shares the visitor's likes of a domain with their followers, replacing those shared before. */
    async PUT({ request, params }) {
      const me = await requireVisitor(request.headers);
      await countSharing(me);
      const engine = await getEngine(params.domain);
      const { items, sent_at, renewal } = await readBody(request, sharedLikesSchema);
      const now = Date.now();
      // Stored under the catalog's own ids; the device may have used others.
      const likes = items.flatMap(({ id, at }) =>
        engine.items([id]).map((item) => ({ item: item.id, at: serverTime(at, sent_at, now) })),
      );
      const domain = engine.info.id;
      const count = await store().run((db) => share(db, me, domain, likes, { renewal, now }));
      const receipt: SharingReceipt = {
        domain,
        sharing: count !== undefined,
        likes: count ?? 0,
        unknown: items.length - likes.length,
      };
      return { body: receipt, caching: 'personal' };
    },

    /** Stops sharing and deletes the shared likes, also of a domain that no longer exists. */
    async DELETE({ request, params }) {
      const me = await requireVisitor(request.headers);
      const { domain } = parse(sharingParamsSchema, params, 'The address');
      await store().run((db) => stopSharing(db, me, domain));
      const receipt: SharingReceipt = { domain, sharing: false, likes: 0, unknown: 0 };
      return { body: receipt, caching: 'personal' };
    },
  },
  { personal: true },
);
