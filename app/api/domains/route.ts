import { listDomains } from '@/lib/server/catalog';
import { route } from '@/lib/server/http';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/domains', {
  async GET() {
    return { body: { domains: await listDomains() }, caching: 'public' };
  },
});
