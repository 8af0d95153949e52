import { friendsOf, introduce } from '@/lib/server/friends/people';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { introductionSchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends',
  {
    /** Whom one follows, who follows, whom one has blocked, and what one shares. */
    async GET({ request }) {
      const me = await requireVisitor(request.headers);
      return { body: await store().run((db) => friendsOf(db, me)), caching: 'personal' };
    },

    /** Makes one's code, if there is none, and sets one's name. */
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
