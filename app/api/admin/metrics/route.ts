import { reportMetrics } from '@/lib/server/admin/metrics-report';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { metrics } from '@/lib/server/metrics/metrics';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/metrics', {
  /** The metrics of this process in the form that the charts need. For operators. */
  async GET({ request }) {
    requireOperator(request.headers);
    const registry = await metrics().registry.getMetricsAsJSON();
    return { body: reportMetrics(registry, Date.now()), caching: 'personal' };
  },
});
