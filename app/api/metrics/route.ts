import { cache } from '@/lib/server/cache/cache';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { metrics } from '@/lib/server/metrics/metrics';
import { currentSettings } from '@/lib/server/settings';
import { store } from '@/lib/server/store/store';

/**
 * The metrics of this process in the text format of Prometheus. For operators, if the server has an operator's token.
 */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/metrics', {
  async GET({ request }) {
    if (currentSettings().adminToken !== undefined) requireOperator(request.headers);
    const { registry, storeUp, cacheUp } = metrics();
    const [ofStore, ofCache] = await Promise.all([store().check(), cache().state()]);
    storeUp.set({ kind: ofStore.kind }, Number(ofStore.state === 'ready'));
    cacheUp.set({ kind: ofCache.kind }, Number(ofCache.state === 'ready'));
    return { text: await registry.metrics(), type: registry.contentType, caching: 'personal' };
  },
});
