import { z } from 'zod';
import { erase } from '@/lib/server/held';
import { route } from '@/lib/server/http';
import { parse } from '@/lib/server/input';
import { requireOperator } from '@/lib/server/operator';
import { apiUserId } from '@/lib/server/visitor';

const paramsSchema = z.object({ user: z.string().min(1).max(200) });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ user: string }>('/api/admin/users/[user]', {
  /** Erases all that is held of a user of the API. For operators. */
  async DELETE({ request, params }) {
    requireOperator(request.headers);
    const { user } = parse(paramsSchema, params, 'The address');
    await erase(apiUserId(user));
    return { body: { erased: user }, caching: 'personal' };
  },
});
