import { reportMetrics } from '@/lib/server/admin/metrics-report';
import { route } from '@/lib/server/http';
import { metrics } from '@/lib/server/metrics/metrics';
import { requireOperator } from '@/lib/server/operator';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/metrics', {
  /** What charts need of the metrics of this process. For operators. */
  async GET({ request }) {
    requireOperator(request.headers);
    const registry = await metrics().registry.getMetricsAsJSON();
    return { body: reportMetrics(registry, Date.now()), caching: 'personal' };
  },
});
