import { friendsOf, unfollow } from '@/lib/server/friends/people';
import { parse } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { handleSchema } from '../../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ handle: string }>(
  '/api/friends/following/[handle]',
  {
    /** Unfollows a person. */
    async DELETE({ request, params }) {
      const me = await requireVisitor(request.headers);
      const { handle } = parse(handleSchema, params, 'The address');
      const friends = await store().run(async (db) => {
        await unfollow(db, me, handle);
        return friendsOf(db, me);
      });
      return { body: friends, caching: 'personal' };
    },
  },
  { personal: true },
);
