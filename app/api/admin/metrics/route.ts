import { reportMetrics } from '@/lib/server/admin/metrics-report';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { metrics } from '@/lib/server/metrics/metrics';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/metrics', {
  /** What charts need of the metrics of this process. For operators. */
  async GET({ request }) {
    requireOperator(request.headers);
    const registry = await metrics().registry.getMetricsAsJSON();
    return { body: reportMetrics(registry, Date.now()), caching: 'personal' };
  },
});
