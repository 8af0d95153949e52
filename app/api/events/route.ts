import { eventBatchSchema } from '@/lib/contracts/events';
import { acceptEvents } from '@/lib/server/events/accept';
import { withinEventLimits } from '@/lib/server/events/event-limit';
import { addressOf } from '@/lib/server/http/client-address';
import { readBody } from '@/lib/server/http/input';
import { requireOperator } from '@/lib/server/http/operator';
import { route } from '@/lib/server/http/route';
import { apiUserId, ensureVisitor, requireVisitor } from '@/lib/server/visitors/identity';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  '/api/events',
  {
    /** Stores events of a visitor, or of an API user for the operator. Responds after they are committed. */
    async POST({ request }) {
      const batch = await readBody(request, eventBatchSchema);
      if (batch.user === undefined) {
        const visitor = await requireVisitor(request.headers);
        const sender = { visitor, address: addressOf(request) };
        const receipt = await withinEventLimits(sender, batch.events.length, () => acceptEvents(visitor, batch));
        return { body: receipt, caching: 'personal' };
      }
      requireOperator(request.headers);
      const user = apiUserId(batch.user);
      await ensureVisitor(user);
      return { body: await acceptEvents(user, batch), caching: 'personal' };
    },
  },
  { personal: true },
);
