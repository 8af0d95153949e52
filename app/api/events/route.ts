import { eventBatchSchema } from '@/lib/contracts/events';
import { acceptEvents } from '@/lib/server/events/accept';
import { route } from '@/lib/server/http';
import { readBody } from '@/lib/server/input';
import { requireOperator } from '@/lib/server/operator';
import { apiUserId, ensureVisitor, requireVisitor } from '@/lib/server/visitor';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/events',
  {
    /** What a visitor did. The answer comes once it is kept for good. */
    async POST({ request }) {
      const batch = await readBody(request, eventBatchSchema);
      let visitor: string;
      if (batch.user === undefined) visitor = await requireVisitor(request.headers);
      else {
        requireOperator(request.headers);
        visitor = apiUserId(batch.user);
        await ensureVisitor(visitor);
      }
      return { body: await acceptEvents(visitor, batch), caching: 'personal' };
    },
  },
  { personal: true },
);
