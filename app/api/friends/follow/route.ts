import { countAttempt } from '@/lib/server/friends/limits';
import { followByCode, friendsOf } from '@/lib/server/friends/people';
import { route } from '@/lib/server/http';
import { readBody } from '@/lib/server/input';
import { clientAddress } from '@/lib/server/rate-limit';
import { currentSettings } from '@/lib/server/settings';
import { store } from '@/lib/server/store/store';
import { requireVisitor } from '@/lib/server/visitor';
import { followSchema } from '../schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/friends/follow',
  {
    /** Follows whoever gave out the code. */
    async POST({ request }) {
      const me = await requireVisitor(request.headers);
      const { code } = await readBody(request, followSchema);
      await countAttempt(me, clientAddress(request.headers, currentSettings().proxies));
      const body = await store().run(async (db) => {
        const followed = await followByCode(db, me, code);
        return { followed, ...(await friendsOf(db, me)) };
      });
      return { body, caching: 'personal' };
    },
  },
  { personal: true },
);
