import { blockPerson, friendsOf } from '@/lib/server/friends/people';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { handleSchema } from '../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends/blocked',
  {
    /** Blocks a person: neither follows the other any more, and the blocked one cannot follow again. */
    async POST({ request }) {
      const me = await requireVisitor(request.headers);
      const { handle } = await readBody(request, handleSchema);
      const friends = await store().run(async (db) => {
        await blockPerson(db, me, handle);
        return friendsOf(db, me);
      });
      return { body: friends, caching: 'personal' };
    },
  },
  { personal: true },
);
