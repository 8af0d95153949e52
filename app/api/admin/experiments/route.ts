import { EXPERIMENTS } from '@/lib/contracts/experiments';
import { reportExperiments } from '@/lib/server/admin/experiments';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { store } from '@/lib/server/store/store';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/experiments', {
  /** The running experiments with the results of their variants. For operators. */
  async GET({ request }) {
    requireOperator(request.headers);
    const experiments = await store().run((db) => reportExperiments(db, EXPERIMENTS));
    return { body: { experiments }, caching: 'personal' };
  },
});
