import { blockPerson, friendsOf } from '@/lib/server/friends/people';
import { route } from '@/lib/server/http';
import { readBody } from '@/lib/server/input';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitor';
import { handleSchema } from '../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends/blocked',
  {
    /** Ends what is between two people, and keeps the other from following again. */
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
