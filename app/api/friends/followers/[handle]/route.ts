import { friendsOf, removeFollower } from '@/lib/server/friends/people';
import { parse } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { handleSchema } from '../../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ handle: string }>(
  '/api/friends/followers/[handle]',
  {
    /** Removes a follower, who can follow again by the code. */
    async DELETE({ request, params }) {
      const me = await requireVisitor(request.headers);
      const { handle } = parse(handleSchema, params, 'The address');
      const friends = await store().run(async (db) => {
        await removeFollower(db, me, handle);
        return friendsOf(db, me);
      });
      return { body: friends, caching: 'personal' };
    },
  },
  { personal: true },
);
