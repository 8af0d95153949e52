import { explainUser, readUserData } from '@/lib/server/admin/why';
import { getEngine } from '@/lib/server/engines';
import { readQuery } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { readTaste } from '@/lib/server/recommend/history';
import { store } from '@/lib/server/store/store';
import { apiUserId } from '@/lib/server/visitors/identity';
import { whyQuerySchema } from './schema';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/why', {
  /** Explains an API user's recommendations, and the place of one item among them. For operators. */
  async GET({ request, url }) {
    requireOperator(request.headers);
    const { domain, user, item } = readQuery(url, whyQuerySchema);
    const engine = await getEngine(domain);
    const held = await store().run((db) => readUserData(db, user, engine.info.id));
    const taste = await readTaste(apiUserId(user), engine.info.id);
    return { body: explainUser(engine, held, taste, item), caching: 'personal' };
  },
});
