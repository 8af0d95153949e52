import { importItems } from '@/lib/server/admin/import';
import { readText } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route('/api/admin/import', {
  /** Publishes new items from lines of JSON; the response lists the lines that were refused. For operators. */
  async POST({ request }) {
    requireOperator(request.headers);
    return { body: await importItems(await readText(request)), caching: 'personal' };
  },
});
