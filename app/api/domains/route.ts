import { listDomains } from '@/lib/server/engines';
import { route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/domains', {
  async GET() {
    return { body: { domains: await listDomains() }, caching: 'public' };
  },
});
