import { getEngine } from '@/lib/server/engines';
import { likesOfFriends } from '@/lib/server/friends/sharing';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ domain: string }>(
  '/api/friends/likes/[domain]',
  {
    /** Recent likes that followed people share: `friends` of the live signals. Never cached. */
    async GET({ request, params }) {
      const me = await requireVisitor(request.headers);
      const { id: domain } = (await getEngine(params.domain)).info;
      const friends = await store().run((db) => likesOfFriends(db, me, domain, Date.now()));
      return { body: { domain, friends }, caching: 'personal' };
    },
  },
  { personal: true },
);
