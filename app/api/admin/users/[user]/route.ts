import { z } from 'zod';
import { parse } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { apiUserId } from '@/lib/server/visitors/identity';
import { eraseVisitor } from '@/lib/server/visitors/stored-data';

const paramsSchema = z.object({ user: z.string().min(1).max(200) });

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route<{ user: string }>('/api/admin/users/[user]', {
  /** Erases all data of an API user. For operators. */
  async DELETE({ request, params }) {
    requireOperator(request.headers);
    const { user } = parse(paramsSchema, params, 'The address');
    await eraseVisitor(apiUserId(user));
    return { body: { erased: user }, caching: 'personal' };
  },
});
