import { z } from 'zod';
import { itemId } from '@/lib/server/http/fields';

const MAX_USER_LENGTH = 200;

export const whyQuerySchema = z.object({
  domain: z.string(),
  /** The developer's own id, as in `POST /api/events`. */
  user: z.string().min(1).max(MAX_USER_LENGTH),
  item: itemId.optional(),
});
