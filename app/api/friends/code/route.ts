import { friendsOf, renewCode } from '@/lib/server/friends/people';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends/code',
  {
    /** Replaces the visitor's code; the old one stops working. */
    async POST({ request }) {
      const me = await requireVisitor(request.headers);
      const friends = await store().run(async (db) => {
        await renewCode(db, me);
        return friendsOf(db, me);
      });
      return { body: friends, caching: 'personal' };
    },
  },
  { personal: true },
);
