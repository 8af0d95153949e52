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
    /** Shares the likes of a domain with one's followers, in place of those shared before. */
    async PUT({ request, params }) {
      const me = await requireVisitor(request.headers);
      await countSharing(me);
      const engine = await getEngine(params.domain);
      const { items, sent_at, renewal } = await readBody(request, sharedLikesSchema);
      const now = Date.now();
      // Under the catalogue's own ids, whichever the device used.
      const likes = items.flatMap(({ id, at }) =>
        engine.items([id]).map((item) => ({ item: item.id, at: serverTime(at, sent_at, now) })),
      );
      const domain = engine.info.id;
      const held = await store().run((db) => share(db, me, domain, likes, { renewal, now }));
      const receipt: SharingReceipt = {
        domain,
        sharing: held !== undefined,
        likes: held ?? 0,
        unknown: items.length - likes.length,
      };
      return { body: receipt, caching: 'personal' };
    },

    /** Stops that, and forgets the likes shared; also of a domain that is no longer there. */
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
