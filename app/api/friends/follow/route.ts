import { countAttempt } from '@/lib/server/friends/limits';
import { followByCode, friendsOf } from '@/lib/server/friends/people';
import { addressOf } from '@/lib/server/http/client-address';
import { readBody } from '@/lib/server/http/input';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitors/identity';
import { followSchema } from '../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends/follow',
  {
    /** Follows the owner of a code. */
    async POST({ request }) {
      const me = await requireVisitor(request.headers);
      const { code } = await readBody(request, followSchema);
      await countAttempt(me, addressOf(request));
      const body = await store().run(async (db) => {
        const followed = await followByCode(db, me, code);
        return { followed, ...(await friendsOf(db, me)) };
      });
      return { body, caching: 'personal' };
    },
  },
  { personal: true },
);
