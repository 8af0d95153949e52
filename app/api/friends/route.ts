import { friendsOf, introduce } from '@/lib/server/friends/people';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { introductionSchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends',
  {
    /** The visitor's code and name, whom they follow, who follows them, whom they have blocked, and what they share. */
    async GET({ request }) {
      const me = await requireVisitor(request.headers);
      return { body: await store().run((db) => friendsOf(db, me)), caching: 'personal' };
    },

    /** Creates the visitor's code, unless they have one, and sets their name. */
    async POST({ request }) {
      const me = await requireVisitor(request.headers);
      const { name } = await readBody(request, introductionSchema);
      const friends = await store().run(async (db) => {
        await introduce(db, me, name);
        return friendsOf(db, me);
      });
      return { body: friends, caching: 'personal' };
    },
  },
  { personal: true },
);
