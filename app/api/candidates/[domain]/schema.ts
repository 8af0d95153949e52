import { z } from 'zod';
import { limit } from '@/lib/server/fields';

const MOST_DIMS = 1024;
const MOST_CANDIDATES = 1000;

export const candidatesBodySchema = z.strictObject({
  /** Of the user, as the engine on the device has found them: no history is asked for, and none is sent. */
  factors: z.array(z.number().min(-1e6).max(1e6)).min(1).max(MOST_DIMS),
  limit: limit(MOST_CANDIDATES).default(400),
});
