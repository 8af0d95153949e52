import { overview } from '@/lib/server/admin/overview';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/overview', {
  /** Visitors, events, trends and new items of each domain. For operators. */
  async GET({ request }) {
    requireOperator(request.headers);
    return { body: await overview(Date.now()), caching: 'personal' };
  },
});
